import { join } from 'node:path';
import fc from 'fast-check';
import { Type as t } from 'typebox';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Bus } from '../bus/bus.ts';
import { inProcessBus } from '../bus/in-process-bus.ts';
import { event } from '../contract/event.ts';
import { seededRandom } from '../statistics/seeded-random.ts';
import { temporaryHome } from '../testing/temporary-home.ts';
import { openSqliteStore, startInbox, startOutbox } from './index.ts';
import { unreliableBus } from './unreliable-bus.fixture.ts';

const counted = event({
  type: 'thing.counted.v1',
  summary: 'A thing was counted',
  payload: t.Object({ key: t.String(), turn: t.Integer() }),
  key: ({ key }) => key,
});
type Counted = { key: string; turn: number };

const migrations = [{ name: '001-effects', sql: 'CREATE TABLE effects (key TEXT NOT NULL, turn INTEGER NOT NULL)' }];

/** A clock that runs a thousand times as fast, so that retries fall due at once. */
const fastClock = () => performance.now() * 1_000;

async function opened(clock = fastClock) {
  const home = await temporaryHome();
  const store = await openSqliteStore({ path: join(home.path, 'effects.db'), migrations, source: 'things', clock });
  onTestFinished(() => home[Symbol.asyncDispose]());
  const effects = () => store.prepare<Counted>('SELECT key, turn FROM effects ORDER BY rowid').all();
  const publish = (key: string, turn: number) => store.transact((tx) => tx.publish(counted, { key, turn }));
  return { store, clock, effects, publish };
}

type Opened = Awaited<ReturnType<typeof opened>>;

function consumerOf(before: (payload: Counted) => void = () => undefined, attemptsMax = 5) {
  return {
    event: counted,
    attemptsMax,
    async handle(payload: Counted, { tx }: { tx: any }) {
      await tx.prepare('INSERT INTO effects VALUES (?, ?)').run(payload.key, payload.turn);
      before(payload);
    },
  };
}

const inboxOn = ({ store, clock }: Opened, bus: Bus, consumer = consumerOf()) =>
  startInbox({ store, bus, service: 'things', consumers: [consumer], clock, random: () => 0 });

test('an event is sent if and only if its transaction was committed', async () => {
  const things = await opened();
  const sent: unknown[] = [];
  const bus = inProcessBus();
  await bus.subscribe({ type: counted.type, group: 'g', handle: async ({ payload }) => void sent.push(payload) });
  const outbox = startOutbox({ ...things, bus });
  const outcomes = await Promise.allSettled(
    [0, 1, 2, 3].map((turn) =>
      things.store.transact(async (tx) => {
        await tx.publish(counted, { key: 'a', turn });
        if (turn % 2 === 1) throw new Error('changed its mind');
      }),
    ),
  );
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected']);
  await vi.waitUntil(async () => (await outbox.depth()).waiting === 0);
  expect(sent).toEqual([
    { key: 'a', turn: 0 },
    { key: 'a', turn: 2 },
  ]);
  await outbox.close();
  await things.store.close();
});

test('over a bus that refuses, doubles and delays, and handlers that fail now and then, each effect is there once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer(),
      fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 25 }),
      async (seed, keys) => {
        const things = await opened();
        const random = seededRandom(seed);
        const bus = unreliableBus(random);
        const inbox = await inboxOn(
          things,
          bus,
          consumerOf(() => {
            if (random() < 0.3) throw new Error('not now');
          }, 1_000),
        );
        const outbox = startOutbox({ ...things, bus, attemptsMax: 1_000, random: () => 0 });
        await Promise.all(keys.map((key, turn) => things.publish(key, turn)));
        await vi.waitUntil(async () => (await outbox.depth()).waiting + (await inbox.depth()).waiting === 0, {
          timeout: 10_000,
          interval: 5,
        });
        const effects = await things.effects();
        for (const key of ['a', 'b', 'c']) {
          const turns = keys.flatMap((each, turn) => (each === key ? [turn] : []));
          expect(effects.filter((effect) => effect.key === key).map(({ turn }) => turn)).toEqual(turns);
        }
        await outbox.close();
        await inbox.close();
        await things.store.close();
      },
    ),
    { numRuns: 12 },
  );
}, 60_000);

test('a key that cannot be sent holds back itself alone, is parked, and is sent again on replay', async () => {
  const things = await opened();
  const sent: Counted[] = [];
  const broken = { now: true };
  const bus: Bus = {
    async publish({ key, payload }) {
      if (key === 'bad' && broken.now) throw new Error('no such stream');
      sent.push(payload as Counted);
    },
    subscribe: () => Promise.reject(new Error('nobody listens')),
    close: async () => undefined,
  };
  const outbox = startOutbox({ ...things, bus, attemptsMax: 3, random: () => 0 });
  for (const [turn, key] of ['bad', 'good', 'bad', 'good'].entries()) await things.publish(key, turn);
  await vi.waitUntil(async () => (await outbox.depth()).parked === 2, { timeout: 10_000 });
  expect(sent.map(({ turn }) => turn)).toEqual([1, 3]);
  expect(await outbox.parked()).toMatchObject([
    { key: 'bad', attempts: 3, error: 'Error: no such stream' },
    { key: 'bad', attempts: 3 },
  ]);
  broken.now = false;
  const [first] = await outbox.parked();
  expect(await outbox.replay([first!.id])).toBe(1);
  await vi.waitUntil(async () => sent.length === 3);
  expect(await outbox.replay()).toBe(1);
  await vi.waitUntil(async () => sent.length === 4);
  expect(sent.map(({ turn }) => turn)).toEqual([1, 3, 0, 2]);
  await outbox.close();
  await things.store.close();
});

test('what was not sent before a stop is sent after the next start', async () => {
  const things = await opened();
  await things.publish('a', 1);
  const sent: unknown[] = [];
  const bus = inProcessBus();
  await bus.subscribe({ type: counted.type, group: 'g', handle: async ({ payload }) => void sent.push(payload) });
  const outbox = startOutbox({ ...things, bus });
  await vi.waitUntil(() => sent.length === 1);
  await outbox.close();
  await things.store.close();
});
