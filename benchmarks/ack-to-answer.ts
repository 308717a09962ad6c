import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, ownToken } from 'relearn';
import { recommenderContract } from '../services/recommender/contract.ts';
import { keepResult } from './keep-result.ts';
import { userName } from './made-up-history.ts';

/**
 * From the reply that acknowledges a purchase to the next answer, over HTTP: the item bought must be gone from what is recommended to that
 * user, every time, while others ask beside it.
 */

const USERS = 3_000;
const ITEMS = 3_000;
const WARM_UPS = 200;
const PURCHASES = 3_000;
const OTHERS = 4;
const TARGET_P99_MS = 10;

const home = await mkdtemp(join(tmpdir(), 'ack-to-answer-'));
const server = fork(join(import.meta.dirname, 'recommender.process.ts'), [home, `${USERS}`, `${ITEMS}`]);
try {
  const [{ url, trial }] = (await once(server, 'message')) as [{ url: string; trial?: string }];
  await using shop = connect(recommenderContract, { url, token: await ownToken(home) });
  let isDone = false;
  const others = Array.from({ length: OTHERS }, async (_, other) => {
    for (let user = other; !isDone; user += OTHERS) await shop.forYou({ body: { userId: userName(user % USERS) } });
  });
  const waitsMs: number[] = [];
  for (let purchase = 0; purchase < WARM_UPS + PURCHASES; purchase++) {
    const waitMs = await buyAndAskAgain(purchase);
    if (purchase >= WARM_UPS) waitsMs.push(waitMs);
  }
  isDone = true;
  await Promise.all(others);
  await report(
    waitsMs.sort((a, b) => a - b),
    trial,
  );

  async function buyAndAskAgain(purchase: number): Promise<number> {
    const body = { userId: userName((purchase * 7) % USERS) };
    const before = await shop.forYou({ body });
    const itemId = before.items[0]?.itemId ?? '';
    await shop.recordInteractions({ body: { interactions: [{ kind: 'purchase', itemId, ...body }] } });
    const acknowledgedMs = performance.now();
    const after = await shop.forYou({ body });
    const waitMs = performance.now() - acknowledgedMs;
    if (after.items.some((item) => item.itemId === itemId)) throw new Error(`${itemId} was bought and is recommended.`);
    return waitMs;
  }
} finally {
  server.kill('SIGTERM');
  if (server.exitCode === null) await once(server, 'exit');
  await rm(home, { recursive: true, force: true });
}

async function report(waitsMs: readonly number[], trial: string | undefined): Promise<void> {
  const at = (share: number) => waitsMs[Math.floor(share * waitsMs.length)]!;
  const [p50Ms, p99Ms, maxMs] = [at(0.5), at(0.99), waitsMs.at(-1)!];
  await keepResult('ack-to-answer', {
    trial,
    purchases: waitsMs.length,
    p50Ms,
    p99Ms,
    maxMs,
    targetP99Ms: TARGET_P99_MS,
  });
  console.log(
    `p50 ${p50Ms.toFixed(2)} ms, p99 ${p99Ms.toFixed(2)} ms, slowest ${maxMs.toFixed(1)} ms of ${waitsMs.length} (target p99 ${TARGET_P99_MS} ms)`,
  );
  if (p99Ms > TARGET_P99_MS) process.exitCode = 1;
}
