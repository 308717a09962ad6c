import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startHost } from 'relearn';
import { recommenderContract } from '../services/recommender/contract.ts';
import recommender from '../services/recommender/main.ts';

/** Interactions a second, in batches of a thousand called in process, each on disk before its reply. */

const BATCHES = 100;
const BATCH = 1000;
const IN_FLIGHT = 8;
const TARGET_PER_S = 100_000;

const home = await mkdtemp(join(tmpdir(), 'relearn-ingest-'));
const host = await startHost({ services: [recommender], home, listen: false, env: { LOG_LEVEL: 'warn' } });
try {
  const client = host.client(recommenderContract);
  const batches = Array.from({ length: BATCHES }, (_, batch) => ({ interactions: interactionsOf(batch) }));
  let accepted = 0;
  let next = 0;
  const startedMs = performance.now();
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      for (let batch = next++; batch < BATCHES; batch = next++) {
        const report = await client.recordInteractions({ body: batches[batch]! });
        accepted += report.accepted;
      }
    }),
  );
  const elapsedMs = performance.now() - startedMs;
  if (accepted !== BATCHES * BATCH) throw new Error(`${accepted} of ${BATCHES * BATCH} were accepted.`);
  const perSecond = (accepted / elapsedMs) * 1000;
  const results = join(import.meta.dirname, 'results');
  const result = {
    date: new Date().toISOString(),
    node: process.version,
    processor: `${cpus().length} × ${cpus()[0]?.model}`,
    accepted,
    elapsedMs,
    perSecond,
    targetPerSecond: TARGET_PER_S,
  };
  await mkdir(results, { recursive: true });
  await writeFile(join(results, 'ingest.json'), `${JSON.stringify(result, null, 2)}\n`);
  console.log(`${perSecond.toFixed(0)} interactions/s (target ${TARGET_PER_S})`);
  if (perSecond < TARGET_PER_S) process.exitCode = 1;
} finally {
  await host.close();
  await rm(home, { recursive: true, force: true });
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
