import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { keepResult } from './keep-result.ts';
import { startShop } from './start-shop.ts';

/** `npm start` with all of the store in one process: to the first trained answer, and what it holds of memory a minute later, shoppers strolling through. */

const IDLE_MS = 60_000;
const TARGET = { startMs: 5_000, idleMiB: 512 };

const home = await mkdtemp(join(tmpdir(), 'idle-shop-'));
const shop = await startShop(home, 'shopper-0001');
try {
  await sleep(IDLE_MS);
  const idleMiB = (await shop.residentBytes()) / 2 ** 20;
  const peakMiB = (await shop.peakBytes()) / 2 ** 20;
  const { trainedMs } = shop;
  await keepResult('idle-shop', { trainedMs, idleMiB, peakMiB, target: TARGET });
  console.log(
    `started, trained and answering after ${(trainedMs / 1_000).toFixed(1)} s; ${idleMiB.toFixed(0)} MiB idle, ${peakMiB.toFixed(0)} MiB at most`,
  );
  console.log(`target ${TARGET.startMs / 1_000} s, ${TARGET.idleMiB} MiB idle`);
  if (trainedMs > TARGET.startMs || idleMiB > TARGET.idleMiB) process.exitCode = 1;
} finally {
  await shop.stop();
  await rm(home, { recursive: true, force: true });
}
