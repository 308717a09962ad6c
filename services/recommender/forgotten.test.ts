import { join } from 'node:path';
import { openSqliteStore, type Store, StoreUnavailable } from 'relearn';
import { temporaryHome } from 'relearn/testing';
import { expect, onTestFinished, test } from 'vitest';
import { FOR_GOOD_MS } from './forgotten.ts';
import { InteractionLog } from './interaction-log.ts';
import { migrations } from './migrations.ts';

const clock = () => 1_000_000;
const leavers = [
  { name: 'u:ada', throughMs: FOR_GOOD_MS },
  { name: 'v:v1', throughMs: 500_000 },
];
const view = (person: object, itemId: string, atMs = 400_000) => ({ kind: 'view', itemId, atMs, ...person });
const ada = { userId: 'ada' };
const guest = { visitorId: 'v1' };
const bob = { userId: 'bob' };

async function openedStore(): Promise<Store> {
  const home = await temporaryHome();
  const path = join(home.path, 'log.db');
  const store = await openSqliteStore({ path, migrations, source: 'test', clock });
  onTestFinished(async () => {
    await store.close();
    await home[Symbol.asyncDispose]();
  });
  return store;
}

/** The same store, whose disk is full from the given commit on. */
function failingFrom(store: Store, commit: number): Store {
  let commits = 0;
  const transact: Store['transact'] = (work) =>
    ++commits >= commit ? Promise.reject(new StoreUnavailable('the disk is full')) : store.transact(work);
  return new Proxy(store, {
    get: (target, name) => {
      if (name === 'transact') return transact;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

async function forget(log: InteractionLog): Promise<void> {
  await log.bury(leavers);
  await log.erase();
}

async function itemsOf(log: InteractionLog, person: string): Promise<string[]> {
  const history = await log.historyOf(person);
  return (history?.newest(10) ?? []).map(({ item }) => log.items.nameOf(item));
}

const peopleOnDisk = async (store: Store) =>
  (await store.prepare<{ name: string }>('SELECT name FROM people').all()).map(({ name }) => name);
const rowsOf = async (store: Store) =>
  (await store.prepare<{ name: string }>('SELECT name FROM interactions JOIN people ON id = person').all()).map(
    ({ name }) => name,
  );

test.each([1, 2, 3, 4])(
  'cut short before its commit %i and repeated after a restart, it forgets the rest',
  async (commit) => {
    const store = await openedStore();
    const log = await InteractionLog.open(failingFrom(store, 3 + commit), clock);
    await log.record([view(bob, 'tea'), view(ada, 'pot')]);
    await log.record([{ kind: 'impression', itemId: 'jug', decisionId: 'd', slot: 0, ...ada }]);
    await log.record([view(guest, 'cup'), view(ada, 'mug')]);
    if (commit < 4) await expect(forget(log)).rejects.toThrow('the disk is full');
    else await forget(log);
    const restarted = await InteractionLog.open(store, clock);
    await forget(restarted);
    expect([await rowsOf(store), await peopleOnDisk(store)]).toEqual([
      ['u:bob'],
      expect.not.arrayContaining(['u:ada', 'v:v1']),
    ]);
    expect(await store.prepare('SELECT * FROM impressions').all()).toEqual([]);
    expect(await store.prepare('SELECT * FROM erasing').all()).toEqual([]);
    // No number is given twice, also those of the newest rows, which are gone.
    await restarted.record([view(bob, 'jar')]);
    expect(await store.prepare('SELECT max(sequence) AS newest FROM interactions').get()).toEqual({ newest: 5 });
  },
);

test('a buried name reaches nothing at once, and a guest who comes back keeps what they do then', async () => {
  const store = await openedStore();
  const log = await InteractionLog.open(store, clock);
  await log.record([view(guest, 'cup'), view(ada, 'mug')]);
  await log.bury(leavers);
  expect([await itemsOf(log, 'u:ada'), await itemsOf(log, 'v:v1')]).toEqual([[], []]);
  expect(await log.record([view(guest, 'jug', 600_000)])).toMatchObject({ accepted: 1 });
  await forget(log);
  for (const each of [log, await InteractionLog.open(store, clock)])
    expect(await itemsOf(each, 'v:v1')).toEqual(['jug']);
});

test('what comes late of who was deleted is refused, after a restart too', async () => {
  const store = await openedStore();
  const log = await InteractionLog.open(store, clock);
  const late = [view(ada, 'mug', 900_000), view(guest, 'cup', 500_000), view(bob, 'tea')];
  const racing = log.record(late);
  await forget(log);
  await racing;
  expect(await rowsOf(store)).toEqual(['u:bob']);
  const code = 'recommender.interaction-person-forgotten';
  const report = {
    accepted: 1,
    refused: [
      { index: 0, code },
      { index: 1, code },
    ],
  };
  expect(await log.record(late)).toMatchObject(report);
  expect(await (await InteractionLog.open(store, clock)).record(late)).toMatchObject(report);
});
