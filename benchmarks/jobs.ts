import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contract, job, type Store, service, startHost, t } from 'relearn';
import { keepResult } from './keep-result.ts';

/** Jobs a service gets through: each counted on disk before it is tried, performed at once, and ended with one row written. */

const JOBS = 20_000;

const count = job({
  name: 'count',
  payload: t.Integer(),
  perform: async (number) => async (tx) => void (await tx.prepare('INSERT INTO counted VALUES (?)').run(number)),
});

const withoutKey = await perSecond(() => ({}));
const withKey = await perSecond((number) => ({ key: `key-${number}` }));
console.log(`${withoutKey} jobs/s, ${withKey} jobs/s with a key each`);
await keepResult('jobs', { jobs: JOBS, withoutKeyPerS: withoutKey, withKeyPerS: withKey });

async function perSecond(optionsOf: (number: number) => { key?: string }): Promise<number> {
  const home = await mkdtemp(join(tmpdir(), 'jobs-'));
  let store: Store | undefined;
  let startedMs = 0;
  const counter = service({
    contract: contract({ name: 'counter', title: 'Counter', description: 'Counts.', version: '1.0.0', operations: {} }),
    migrations: [{ name: '001-counted', sql: 'CREATE TABLE counted (number INTEGER NOT NULL)' }],
    async setup(context) {
      store = context.store;
      await store.transact(async (tx) => {
        for (let number = 0; number < JOBS; number++) await tx.schedule(count, number, optionsOf(number));
      });
      startedMs = performance.now();
      return { handlers: {}, jobs: [count] };
    },
  });
  const host = await startHost({ services: [counter], home, listen: false });
  const left = store!.prepare('SELECT 1 FROM relearn_jobs LIMIT 1');
  while ((await left.get()) !== undefined) await new Promise((resolve) => setTimeout(resolve, 20));
  const rate = Math.round(JOBS / ((performance.now() - startedMs) / 1000));
  await host.close();
  await rm(home, { recursive: true });
  return rate;
}
