import { join } from 'node:path';
import { Type as t } from 'typebox';
import { expect, onTestFinished, test, vi } from 'vitest';
import { inProcessBus } from '../bus/in-process-bus.ts';
import { type BusMessage, event } from '../contract/event.ts';
import { temporaryHome } from '../testing/temporary-home.ts';
import { openSqliteStore, StoreUnavailable, startInbox, type Tx } from './index.ts';

const counted = event({
  type: 'thing.counted.v1',
  summary: 'A thing was counted',
  payload: t.Object({ key: t.String(), turn: t.Integer() }),
  key: ({ key }) => key,
});

const migrations = [{ name: '001-effects', sql: 'CREATE TABLE effects (key TEXT NOT NULL, turn INTEGER NOT NULL)' }];

/** A clock that runs a thousand times as fast, so that retries fall due at once. */
const clock = () => performance.now() * 1_000;

const message = (key: string, turn: number, id = `${key}-${turn}`): BusMessage => ({
  id,
  type: counted.type,
  key,
  source: 'test',
  atMs: turn,
  payload: { key, turn },
});

/** A consumer that writes its effect and then fails on the keys that are broken. */
async function opened({ attemptsMax = 3 } = {}) {
  const home = await temporaryHome();
  const store = await openSqliteStore({ path: join(home.path, 'effects.db'), migrations, source: 'things', clock });
  const bus = inProcessBus({ backoffMs: 1, backoffMsMax: 4 });
  const broken = new Set<string>();
  const consumer = {
    event: counted,
    attemptsMax,
    async handle({ key, turn }: { key: string; turn: number }, { tx }: { tx: Tx }) {
      await tx.prepare('INSERT INTO effects VALUES (?, ?)').run(key, turn);
      if (broken.has(key)) throw new Error(`${key} is broken`);
    },
  };
  const start = () => startInbox({ store, bus, service: 'things', consumers: [consumer], clock, random: () => 0 });
  onTestFinished(async () => {
    await bus.close();
    await store.close();
    await home[Symbol.asyncDispose]();
  });
  const effects = async () =>
    (await store.prepare<{ key: string; turn: number }>('SELECT key, turn FROM effects ORDER BY rowid').all()).map(
      ({ key, turn }) => `${key}-${turn}`,
    );
  return { store, bus, broken, start, effects };
}

test('a message takes effect once, however often it comes, over a restart too', async () => {
  const { bus, start, effects } = await opened();
  const first = await start();
  await Promise.all([message('a', 1), message('a', 1), message('b', 2)].map((each) => bus.publish(each)));
  await first.close();
  const second = await start();
  await bus.publish(message('a', 1));
  expect(await effects()).toEqual(['a-1', 'b-2']);
  await second.close();
});

test('a failing key is taken off the bus, holds back itself alone, and keeps its order once mended', async () => {
  const { bus, broken, start, effects } = await opened({ attemptsMax: 1_000 });
  broken.add('bad');
  const inbox = await start();
  for (const [turn, key] of ['bad', 'good', 'bad', 'good'].entries()) await bus.publish(message(key, turn));
  expect(await effects()).toEqual(['good-1', 'good-3']);
  expect(await inbox.depth()).toMatchObject({ waiting: 2, parked: 0 });
  broken.clear();
  await vi.waitUntil(async () => (await inbox.depth()).waiting === 0, { timeout: 10_000 });
  expect(await effects()).toEqual(['good-1', 'good-3', 'bad-0', 'bad-2']);
  await inbox.close();
});

test('one that failed too often is parked, lets the next of its key pass, and takes effect once on replay', async () => {
  const { bus, broken, start, effects } = await opened();
  broken.add('bad');
  const inbox = await start();
  await bus.publish(message('bad', 0));
  await vi.waitUntil(async () => (await inbox.depth()).parked === 1, { timeout: 10_000 });
  expect(await inbox.parked()).toMatchObject([{ id: 'bad-0', key: 'bad', attempts: 3, error: 'Error: bad is broken' }]);
  broken.clear();
  await bus.publish(message('bad', 1));
  await bus.publish(message('bad', 0));
  expect(await effects()).toEqual(['bad-1']);
  expect(await inbox.replay(['unknown'])).toBe(0);
  expect(await inbox.replay()).toBe(1);
  await vi.waitUntil(async () => (await effects()).length === 2);
  expect(await effects()).toEqual(['bad-1', 'bad-0']);
  await inbox.close();
});

test('while the store cannot write, the bus keeps the message', async () => {
  const { store, bus, start, effects } = await opened();
  const inbox = await start();
  const transact = store.transact.bind(store);
  let refusals = 0;
  store.transact = (work) => {
    if (refusals++ < 5) return Promise.reject(new StoreUnavailable('the disk is full'));
    return transact(work);
  };
  await bus.publish(message('a', 1));
  expect(await effects()).toEqual(['a-1']);
  expect(await inbox.depth()).toMatchObject({ waiting: 0, parked: 0 });
  await inbox.close();
});
