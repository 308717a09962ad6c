import { pino } from 'pino';
import { Type as t } from 'typebox';
import { job, openSqliteStore, startJobs } from './index.ts';

/** A process of its own that performs jobs until it is killed, and tells its parent of each try. `crash` jobs kill it themselves. */
const [path, first] = process.argv.slice(2);
const store = await openSqliteStore({
  path: path!,
  migrations: [{ name: '001-effects', sql: 'CREATE TABLE effects (text TEXT NOT NULL)' }],
  source: 'effects',
  clock: Date.now,
});

const send = job({
  name: 'send',
  payload: t.String(),
  async perform(text, { attempt, jobId }) {
    process.send!({ text, attempt, jobId });
    if (attempt === 1) await new Promise(() => undefined);
    return async (tx) => void (await tx.prepare('INSERT INTO effects VALUES (?)').run(text));
  },
});

const crash = job({
  name: 'crash',
  payload: t.Null(),
  attemptsMax: 2,
  async perform() {
    process.kill(process.pid, 'SIGKILL');
    await new Promise(() => undefined);
  },
  giveUp: async (_, { tx }) => void (await tx.prepare('INSERT INTO effects VALUES (?)').run('gave up')),
});

if (first === 'send') await store.transact((tx) => tx.schedule(send, 'hello'));
if (first === 'crash') await store.transact((tx) => tx.schedule(crash, null));
const queue = await startJobs({ store, jobs: [send, crash], clock: Date.now, log: pino({ level: 'silent' }) });
while ((await queue.depth()).waiting > 0) await new Promise((resolve) => setTimeout(resolve, 5));
await queue.close();
await store.close();
process.disconnect();
