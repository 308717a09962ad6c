import { join } from 'node:path';
import fc from 'fast-check';
import { openSqliteStore, type Store, StoreUnavailable } from 'relearn';
import { temporaryHome } from 'relearn/testing';
import { expect, test } from 'vitest';
import { InteractionLog } from './interaction-log.ts';
import { migrations } from './migrations.ts';

const clock = () => 1_000_000;
const view = (id: string, userId = 'u', more = {}) => ({ id, kind: 'view', userId, itemId: `item of ${id}`, ...more });

/** A log over a store that refuses rows whose quantity is 13, as a broken disk might some and not others. */
async function opened(path: string) {
  const store = await openSqliteStore({ path: join(path, 'log.db'), migrations, source: 'test', clock });
  await store.transact((tx) =>
    tx
      .prepare(
        "CREATE TRIGGER unlucky BEFORE INSERT ON interactions WHEN NEW.quantity = 13 BEGIN SELECT RAISE(ABORT, 'unlucky'); END",
      )
      .run(),
  );
  return { store, log: await InteractionLog.open(store, clock) };
}

/** Fails the commit of everything that is written beside it. */
const failCommit = (store: Store) =>
  store.transact(() => {
    throw new StoreUnavailable('the disk is full');
  });

async function namesIn(log: InteractionLog, userId = 'u'): Promise<string[]> {
  const history = await log.historyOf(`u:${userId}`);
  return (history?.newest(1_000) ?? []).map(({ item }) => log.items.nameOf(item)).reverse();
}

async function namesOnDisk(store: Store, userId = 'u'): Promise<string[]> {
  const rows = await store
    .prepare<{ name: string }>(
      `SELECT items.name FROM interactions JOIN items ON items.id = item JOIN people ON people.id = person
       WHERE people.name = ? ORDER BY sequence`,
    )
    .all(`u:${userId}`);
  return rows.map(({ name }) => name);
}

test('what a failed commit took back is in no history, and counts when it is sent again', async () => {
  await using home = await temporaryHome();
  const { store, log } = await opened(home.path);
  await log.record([view('kept')]);
  const outcomes = await Promise.allSettled([
    log.record([view('lost')]),
    log.record([view('lost')]),
    failCommit(store),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(await namesIn(log)).toEqual(['item of kept']);
  expect(await log.record([view('lost')])).toMatchObject({ accepted: 1, duplicates: 0 });
  expect(await namesIn(log)).toEqual(['item of kept', 'item of lost']);
  await store.close();
});

test('a resend beside a batch that fails alone is not called a duplicate', async () => {
  await using home = await temporaryHome();
  const { store, log } = await opened(home.path);
  const [failed, resent] = await Promise.allSettled([
    log.record([view('a'), view('b', 'u', { quantity: 13 })]),
    log.record([view('a')]),
  ]);
  expect(failed.status).toBe('rejected');
  expect(resent).toMatchObject({ value: { accepted: 1, duplicates: 0 } });
  expect(await namesOnDisk(store)).toEqual(['item of a']);
  expect(await namesIn(log)).toEqual(['item of a']);
  await store.close();
});

test('whatever fails beside whatever: each acknowledged id is on disk once, and memory is what the disk is', async () => {
  const call = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ ids: fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 4 }) }),
    },
    { weight: 2, arbitrary: fc.record({ ids: fc.tuple(fc.integer({ min: 0, max: 30 })), unlucky: fc.constant(true) }) },
    { weight: 1, arbitrary: fc.constant('commit fails' as const) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(call, { minLength: 1, maxLength: 5 }), { maxLength: 8 }), async (rounds) => {
      await using home = await temporaryHome();
      const { store, log } = await opened(home.path);
      const acknowledged = new Set<number>();
      for (const calls of rounds) {
        await Promise.allSettled(
          calls.map(async (each) => {
            if (each === 'commit fails') return failCommit(store);
            const batch = each.ids.map((id) => view(String(id), id % 2 ? 'odd' : 'even'));
            const more = 'unlucky' in each ? [view('never', 'odd', { quantity: 13 })] : [];
            await log.record([...batch, ...more]);
            for (const id of each.ids) acknowledged.add(id);
          }),
        );
        for (const user of ['odd', 'even']) expect(await namesIn(log, user)).toEqual(await namesOnDisk(store, user));
      }
      const onDisk = [...(await namesOnDisk(store, 'odd')), ...(await namesOnDisk(store, 'even'))];
      expect(onDisk.toSorted()).toEqual([...acknowledged].map((id) => `item of ${id}`).toSorted());
      const again = await InteractionLog.open(store, clock);
      for (const user of ['odd', 'even']) expect(await namesIn(again, user)).toEqual(await namesIn(log, user));
      await store.close();
    }),
    { numRuns: 40 },
  );
});
