import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownToken, startHost } from 'relearn';
import { recommenderContract } from '../services/recommender/contract.ts';
import recommender from '../services/recommender/main.ts';
import { keepResult } from './keep-result.ts';

/** Interactions a second in batches of a thousand, each batch on disk before its reply: over HTTP from another process, and called in process. */

const BATCHES = 200;
const BATCH = 1000;
const IN_FLIGHT = 8;
const TARGET_PER_S = 100_000;

type Send = (batch: object) => Promise<{ readonly accepted: number }>;

const home = process.argv[2];
if (home === undefined) await measure();
else await serve(home);

async function serve(folder: string): Promise<void> {
  const host = await startHost({ services: [recommender], home: folder, env: { LOG_LEVEL: 'warn', PORT: '0' } });
  process.send?.({ url: host.url });
}

async function measure(): Promise<void> {
  const inProcess = await inFreshHome(rateInProcess);
  const overHttp = await inFreshHome(rateOverHttp);
  await keepResult('ingest', { interactions: BATCHES * BATCH, overHttp, inProcess, targetPerSecond: TARGET_PER_S });
  console.log(`${overHttp.toFixed(0)}/s over HTTP, ${inProcess.toFixed(0)}/s in process (target ${TARGET_PER_S}/s)`);
  if (overHttp < TARGET_PER_S) process.exitCode = 1;
}

async function inFreshHome(work: (folder: string) => Promise<number>): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'ingest-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function rateInProcess(folder: string): Promise<number> {
  const host = await startHost({ services: [recommender], home: folder, listen: false, env: { LOG_LEVEL: 'warn' } });
  try {
    const client = host.client(recommenderContract);
    const batches = Array.from({ length: BATCHES }, (_, batch) => ({ interactions: interactionsOf(batch) }));
    return await rateOf(batches, (body) => client.recordInteractions({ body } as never));
  } finally {
    await host.close();
  }
}

async function rateOverHttp(folder: string): Promise<number> {
  const server = fork(import.meta.filename, [folder]);
  try {
    const [{ url }] = (await once(server, 'message')) as [{ url: string }];
    const bodies = Array.from({ length: BATCHES }, (_, batch) => ({
      text: JSON.stringify({ interactions: interactionsOf(batch) }),
    }));
    const token = await ownToken(folder);
    return await rateOf(bodies, async ({ text }: { text: string }) => {
      const headers = { authorization: `Bearer ${await token()}`, 'content-type': 'application/json' };
      const reply = await fetch(`${url}/api/recommender/interactions`, { method: 'POST', headers, body: text });
      return (await reply.json()) as { accepted: number };
    });
  } finally {
    server.kill('SIGTERM');
    await once(server, 'exit');
  }
}

/** Interactions a second. @throws when not all of them were accepted. */
async function rateOf<Batch extends object>(batches: readonly Batch[], send: (batch: Batch) => ReturnType<Send>) {
  let accepted = 0;
  let next = 0;
  const startedMs = performance.now();
  const sender = async () => {
    for (let batch = next++; batch < BATCHES; batch = next++) {
      const report = await send(batches[batch]!);
      accepted += report.accepted;
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, sender));
  if (accepted !== BATCHES * BATCH) throw new Error(`${accepted} of ${BATCHES * BATCH} were accepted.`);
  return (accepted / (performance.now() - startedMs)) * 1000;
}

function interactionsOf(batch: number) {
  return Array.from({ length: BATCH }, (_, row) => {
    const number = batch * BATCH + row;
    return {
      id: `interaction-${number}`,
      kind: number % 3 === 0 ? 'purchase' : 'view',
      userId: `user-${(number * 7919) % 10_000}`,
      itemId: `item-${(number * 104_729) % 3000}`,
      atMs: 1_700_000_000_000 + number,
    };
  });
}
