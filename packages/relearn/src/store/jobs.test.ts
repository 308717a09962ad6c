import { join } from 'node:path';
import fc from 'fast-check';
import { pino } from 'pino';
import { Type as t } from 'typebox';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { currentTraceparent, inTrace, traceIdOf } from '../contract/trace.ts';
import { seededRandom } from '../statistics/seeded-random.ts';
import { manualClock } from '../testing/manual-clock.ts';
import { temporaryHome } from '../testing/temporary-home.ts';
import {
  type Job,
  type JobContext,
  type JobSettlement,
  job,
  openSqliteStore,
  StoreUnavailable,
  startJobs,
  type Tx,
} from './index.ts';

const migrations = [{ name: '001-effects', sql: 'CREATE TABLE effects (text TEXT NOT NULL)' }];
const log = pino({ level: 'silent' });

const note = (tx: Tx, text: string) => tx.prepare('INSERT INTO effects VALUES (?)').run(text);

async function opened({ clock = manualClock() as ReturnType<typeof manualClock> | (() => number) } = {}) {
  const home = await temporaryHome();
  const store = await openSqliteStore({
    path: join(home.path, 'effects.db'),
    migrations,
    source: 'things',
    clock,
    traceparent: currentTraceparent,
  });
  onTestFinished(async () => {
    await store.close();
    await home[Symbol.asyncDispose]();
  });
  const start = async (jobs: readonly Job<any>[], graceMs = 2_000) => {
    const queue = await startJobs({ store, jobs, clock, log, random: () => 1, graceMs });
    onTestFinished(() => queue.close());
    return queue;
  };
  const effects = async () =>
    (await store.prepare<{ text: string }>('SELECT text FROM effects ORDER BY rowid').all()).map(({ text }) => text);
  return { store, start, effects };
}

/** A job that waits, each time, until the test says how it ends. */
function handDriven(options: Partial<Job<ReturnType<typeof t.String>>> = {}) {
  const tries: { text: string; context: JobContext; done(): void; fail(error?: Error): void }[] = [];
  const declared = job({
    name: 'send',
    payload: t.String(),
    ...options,
    perform: (text, context) =>
      new Promise<JobSettlement>((resolve, reject) => {
        const done = () => resolve(async (tx) => void (await note(tx, text)));
        tries.push({ text, context, done, fail: (error = new Error('not now')) => reject(error) });
      }),
  });
  const begun = (count: number) => vi.waitUntil(() => tries.length >= count, { interval: 2 });
  return { job: declared, tries, begun };
}

/** A job that notes its text at once. */
const noting = (name = 'note') =>
  job({ name, payload: t.String(), perform: async (text) => async (tx) => void (await note(tx, text)) });

const idle = (queue: { depth(): Promise<{ waiting: number }> }) =>
  vi.waitUntil(async () => (await queue.depth()).waiting === 0, { interval: 2 });

describe('A job', () => {
  it('is performed once its transaction is committed, and never when that is rolled back', async () => {
    const { store, start, effects } = await opened();
    const queue = await start([noting()]);
    const outcomes = await Promise.allSettled(
      ['a', 'b', 'c', 'd'].map((text) =>
        store.transact(async (tx) => {
          await tx.schedule(noting(), text);
          if (text === 'b' || text === 'd') throw new Error('changed its mind');
        }),
      ),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected']);
    await idle(queue);
    expect((await effects()).sort()).toEqual(['a', 'c']);
  });

  it('is performed when its time has come, and not before', async () => {
    const clock = manualClock();
    const { store, start, effects } = await opened({ clock });
    const queue = await start([noting()]);
    await store.transact(async (tx) => {
      await tx.schedule(noting(), 'in an hour', { atMs: clock() + 3_600_000 });
      await tx.schedule(noting(), 'now');
    });
    await vi.waitUntil(async () => (await queue.depth()).waiting === 1);
    clock.advance(3_599_999);
    await store.transact((tx) => tx.schedule(noting(), 'later'));
    await vi.waitUntil(async () => (await effects()).length === 2);
    expect(await queue.depth()).toEqual({ waiting: 1, parked: 0, lagMs: 0 });
    clock.advance(1);
    await idle(queue);
    expect(await effects()).toEqual(['now', 'later', 'in an hour']);
  });

  it('replaces the one of its name and key, and goes when it is unscheduled', async () => {
    const clock = manualClock();
    const { store, start, effects } = await opened({ clock });
    const queue = await start([noting(), noting('other')]);
    const soon = { atMs: clock() + 10, key: 'k' };
    await store.transact(async (tx) => {
      await tx.schedule(noting(), 'replaced', soon);
      await tx.schedule(noting('other'), 'of another name', soon);
      await tx.schedule(noting(), 'of another key', { ...soon, key: 'l' });
      await tx.schedule(noting(), 'replacing', soon);
    });
    await store.transact((tx) => tx.unschedule(noting(), 'l'));
    clock.advance(10);
    await idle(queue);
    expect(await effects()).toEqual(['of another name', 'replacing']);
  });

  it('has no effect once it is unscheduled or replaced, even while it is performed; what replaces it waits for its end', async () => {
    const { store, start, effects } = await opened();
    const { job: send, tries, begun } = handDriven();
    const queue = await start([send]);
    await store.transact(async (tx) => {
      await tx.schedule(send, 'taken back', { key: 'a' });
      await tx.schedule(send, 'old', { key: 'b' });
    });
    await begun(2);
    await store.transact(async (tx) => {
      await tx.unschedule(send, 'a');
      await tx.schedule(send, 'new', { key: 'b' });
      await tx.schedule(send, 'unrelated');
    });
    await begun(3);
    expect(tries.map(({ text }) => text).sort()).toEqual(['old', 'taken back', 'unrelated']);
    for (const { done } of tries) done();
    await begun(4);
    tries[3]!.done();
    await idle(queue);
    expect((await effects()).sort()).toEqual(['new', 'unrelated']);
  });

  it('is tried again under the same id, each time twice as late, until it is done', async () => {
    const clock = manualClock();
    const { store, start, effects } = await opened({ clock });
    const { job: send, tries, begun } = handDriven();
    const queue = await start([send, noting()]);
    await store.transact((tx) => tx.schedule(send, 'a'));
    for (const [failures, waitMs] of [100, 200, 400].entries()) {
      await begun(failures + 1);
      tries[failures]!.fail();
      await vi.waitUntil(async () => (await errors()).length > failures);
      clock.advance(waitMs - 1);
      await store.transact((tx) => tx.schedule(noting(), 'beside'));
      await vi.waitUntil(async () => (await effects()).length === failures + 1);
      expect(tries).toHaveLength(failures + 1);
      clock.advance(1);
    }
    await begun(4);
    tries[3]!.done();
    await idle(queue);
    expect(tries.map(({ context }) => context.attempt)).toEqual([1, 2, 3, 4]);
    expect(new Set(tries.map(({ context }) => context.jobId)).size).toBe(1);

    async function errors() {
      const row = await store
        .prepare<{ attempts: number; error: string | null }>(
          'SELECT attempts, error FROM relearn_jobs WHERE error IS NOT NULL AND due_at_ms > ?',
        )
        .get(clock());
      return Array(row?.attempts ?? 0).fill(row?.error);
    }
  });

  it('is parked after its last try, in one transaction with giving it up, and performed again on replay', async () => {
    const clock = manualClock();
    const { store, start, effects } = await opened({ clock });
    const broken = { now: true };
    const send = job({
      name: 'send',
      payload: t.String(),
      attemptsMax: 2,
      async perform(text) {
        if (broken.now) throw new Error(`${text} cannot be sent`);
        return async (tx) => void (await note(tx, `sent ${text}`));
      },
      giveUp: async (text, { tx, error }) => void (await note(tx, `gave up ${text}: ${(error as Error).message}`)),
    });
    const queue = await start([send]);
    await store.transact((tx) => tx.schedule(send, 'a', { key: 'k' }));
    await vi.waitUntil(async () => {
      clock.advance(1_000);
      return (await queue.depth()).parked === 1;
    });
    expect(await effects()).toEqual(['gave up a: a cannot be sent']);
    const parked = await queue.parked();
    expect(parked).toMatchObject([{ type: 'send', key: 'k', attempts: 2, error: 'Error: a cannot be sent' }]);
    broken.now = false;
    expect(await queue.replay(['unknown'])).toBe(0);
    expect(await queue.replay([parked[0]!.id])).toBe(1);
    await vi.waitUntil(async () => (await effects()).length === 2);
    expect(await effects()).toContain('sent a');
    expect(await queue.depth()).toMatchObject({ waiting: 0, parked: 0 });
  });

  it('stays while it cannot be given up', async () => {
    const clock = manualClock();
    const { store, start, effects } = await opened({ clock });
    let refusalsLeft = 2;
    let performed = 0;
    const send = job({
      name: 'send',
      payload: t.String(),
      attemptsMax: 1,
      perform: () => Promise.reject(new Error(`try ${++performed}`)),
      async giveUp(text, { tx }) {
        await note(tx, `gave up ${text}`);
        if (refusalsLeft-- > 0) throw new Error('cannot give up');
      },
    });
    const queue = await start([send]);
    await store.transact((tx) => tx.schedule(send, 'a'));
    await vi.waitUntil(async () => {
      clock.advance(1_000);
      return (await queue.depth()).parked === 1;
    });
    expect(await effects()).toEqual(['gave up a']);
    expect(performed).toBe(1);
  });

  it('fails when it takes too long, by a signal it need not heed', async () => {
    const { store, start, effects } = await opened({ clock: () => performance.now() * 1_000 });
    const reasons: unknown[] = [];
    const slow = job({
      name: 'slow',
      payload: t.Null(),
      timeoutMs: 10,
      perform: (_, { signal, attempt }) =>
        new Promise<JobSettlement>((resolve, reject) => {
          if (attempt === 3) return resolve(async (tx) => void (await note(tx, 'done')));
          signal.addEventListener('abort', () => {
            reasons.push((signal.reason as Error).message);
            if (attempt === 1) reject(signal.reason);
          });
        }),
    });
    const queue = await start([slow]);
    await store.transact((tx) => tx.schedule(slow, null));
    await vi.waitUntil(async () => (await queue.depth()).waiting === 0, { timeout: 10_000 });
    expect(reasons).toEqual(['The try took longer than 10 ms.', 'The try took longer than 10 ms.']);
    expect(await effects()).toEqual(['done']);
  });

  it('is not performed again because the store could not take what came of it', async () => {
    const { store, start, effects } = await opened();
    const { job: send, tries, begun } = handDriven();
    const queue = await start([send]);
    await store.transact((tx) => tx.schedule(send, 'a'));
    await begun(1);
    const transact = store.transact.bind(store);
    let refusals = 0;
    store.transact = (work) =>
      refusals++ < 3 ? Promise.reject(new StoreUnavailable('the disk is full')) : transact(work);
    tries[0]!.done();
    await idle(queue);
    expect(await effects()).toEqual(['a']);
    expect(tries).toHaveLength(1);
  });

  it('belongs to the trace of the request that scheduled it', async () => {
    const { store, start } = await opened();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const seen: string[] = [];
    const look = job({ name: 'look', payload: t.Null(), perform: async () => void seen.push(currentTraceparent()!) });
    const queue = await start([look]);
    await inTrace({ traceparent }, () =>
      store.transact((tx) => inTrace({ traceparent }, () => tx.schedule(look, null))),
    );
    await idle(queue);
    expect(seen.map(traceIdOf)).toEqual([traceIdOf(traceparent)]);
  });
});

describe('Jobs', () => {
  it('of one key are performed one at a time and in the order of their times, whatever fails; other keys go on', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer(),
        fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 0, max: 3 })), {
          minLength: 1,
          maxLength: 20,
        }),
        async (seed, wanted) => {
          const clock = manualClock();
          const { store, start, effects } = await opened({ clock });
          const random = seededRandom(seed);
          const busy = new Set<string>();
          const jobs = wanted.map(([key], index) =>
            job({
              name: `job-${index}`,
              payload: t.String(),
              attemptsMax: 100,
              async perform(text) {
                expect(busy.has(key)).toBe(false);
                busy.add(key);
                await new Promise((resolve) => setTimeout(resolve, random() * 3));
                busy.delete(key);
                if (random() < 0.4) throw new Error('not now');
                return async (tx) => void (await note(tx, text));
              },
            }),
          );
          const startMs = clock();
          await store.transact(async (tx) => {
            for (const [index, [key, delay]] of wanted.entries())
              await tx.schedule(jobs[index]!, `${key} ${index}`, { key, atMs: startMs + delay });
          });
          const queue = await start(jobs);
          await vi.waitUntil(
            async () => {
              clock.advance(1_000);
              return (await queue.depth()).waiting === 0;
            },
            { interval: 2, timeout: 20_000 },
          );
          const inOrder = wanted
            .map(([key, delay], index) => ({ key, delay, index }))
            .sort((one, other) => one.delay - other.delay || one.index - other.index);
          for (const each of ['a', 'b', 'c'])
            expect((await effects()).filter((text) => text.startsWith(each))).toEqual(
              inOrder.filter(({ key }) => key === each).map(({ key, index }) => `${key} ${index}`),
            );
        },
      ),
      { numRuns: 12 },
    );
  }, 60_000);

  it('of one name leave room for those of another, however many hang', async () => {
    const { store, start, effects } = await opened();
    const { job: send, tries, begun } = handDriven();
    const queue = await start([send, noting()]);
    await store.transact(async (tx) => {
      for (let index = 0; index < 200; index++) await tx.schedule(send, `${index}`);
    });
    await begun(64);
    await store.transact((tx) => tx.schedule(noting(), 'went on'));
    await vi.waitUntil(async () => (await effects()).length === 1);
    expect(tries).toHaveLength(64);
    for (let ended = 0; ended < 200; ended++) {
      await begun(ended + 1);
      tries[ended]!.done();
    }
    await idle(queue);
    expect(await effects()).toHaveLength(201);
  });

  it('that nobody performs are refused when scheduled, and parked when an older version left them', async () => {
    const { store, start } = await opened();
    await store.transact((tx) => tx.schedule({ name: 'gone' }, 1));
    const queue = await start([noting()]);
    expect(await queue.parked()).toMatchObject([{ type: 'gone', error: 'no job has this name' }]);
    await expect(store.transact((tx) => tx.schedule({ name: 'nota' }, 'x'))).rejects.toThrow(
      'No job is called "nota"; there are note.',
    );
    await expect(start([noting(), noting()])).rejects.toThrow('Two jobs are called note.');
  });

  it('whose payload is not what they take are parked at once', async () => {
    const { store, start, effects } = await opened();
    const queue = await start([noting()]);
    await store.transact((tx) => tx.schedule({ name: 'note' }, 42));
    await vi.waitUntil(async () => (await queue.depth()).parked === 1);
    expect(await queue.parked()).toMatchObject([{ attempts: 1, error: 'payload must be string' }]);
    expect(await effects()).toEqual([]);
  });
});

describe('When the service stops', () => {
  it('what is being performed may end', async () => {
    const { store, start, effects } = await opened();
    const { job: send, tries, begun } = handDriven();
    const queue = await start([send]);
    await store.transact((tx) => tx.schedule(send, 'a'));
    await begun(1);
    const closed = queue.close();
    tries[0]!.done();
    await closed;
    expect(await effects()).toEqual(['a']);
  });

  it('what takes too long is cut short by its signal, does not count as tried, and is performed after the next start', async () => {
    const { store, start } = await opened();
    const patient = job({
      name: 'patient',
      payload: t.Null(),
      attemptsMax: 1,
      perform: (_, { signal }) =>
        new Promise<undefined>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    });
    const queue = await start([patient], 0);
    await store.transact((tx) => tx.schedule(patient, null));
    await vi.waitUntil(async () => (await store.prepare('SELECT 1 FROM relearn_jobs WHERE attempts = 1').all()).length);
    await queue.close();
    expect(await queue.depth()).toMatchObject({ waiting: 1, parked: 0 });
    const attempts: number[] = [];
    const again = await start([{ ...patient, perform: async (_, { attempt }) => void attempts.push(attempt) }]);
    await idle(again);
    expect(attempts).toEqual([1]);
  });
});
