import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore, type Store } from 'relearn';
import { keepResult } from './keep-result.ts';

/** The store alone: transactions a second, each on disk before it resolves, one after the other and 64 at a time; reads by key, alone and beside writers. */

const ROUND_MS = 2_000;
const TOGETHER = 64;

const home = await mkdtemp(join(tmpdir(), 'store-'));
const store = await openSqliteStore({
  path: join(home, 'notes.db'),
  migrations: [{ name: '001-notes', sql: 'CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT' }],
  source: 'benchmark',
  clock: Date.now,
});
try {
  const writesAlone = await perSecond(1, () => write(store));
  const writesTogether = await perSecond(TOGETHER, () => write(store));
  const reads = await perSecond(TOGETHER, (at) => read(store, at));
  const [readsBesideWrites] = await Promise.all([
    perSecond(TOGETHER, (at) => read(store, at)),
    perSecond(TOGETHER, () => write(store)),
  ]);
  const figures = { writesAlone, writesTogether, reads, readsBesideWrites };
  await keepResult('store', { together: TOGETHER, ...figures });
  for (const [name, rate] of Object.entries(figures)) console.log(`${name} ${rate.toFixed(0)}/s`);
} finally {
  await store.close();
  await rm(home, { recursive: true, force: true });
}

function write(to: Store): Promise<unknown> {
  return to.transact((tx) =>
    tx.prepare('INSERT INTO notes (text) VALUES (?)').run('a note as long as a short sentence'),
  );
}

function read(from: Store, at: number): Promise<unknown> {
  return from.prepare('SELECT text FROM notes WHERE id = ?').get((at % 1_000) + 1);
}

async function perSecond(together: number, work: (at: number) => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  let done = 0;
  const worker = async () => {
    while (performance.now() - startedMs < ROUND_MS) {
      await work(done);
      done++;
      if (done % 256 === 0) await new Promise(setImmediate);
    }
  };
  await Promise.all(Array.from({ length: together }, worker));
  return (done / (performance.now() - startedMs)) * 1000;
}
