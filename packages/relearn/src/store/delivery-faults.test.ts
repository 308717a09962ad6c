import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Type as t } from 'typebox';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Bus } from '../bus/bus.ts';
import { type BusMessage, event } from '../contract/event.ts';
import { openSqliteStore, type Store, startInbox, startOutbox } from './index.ts';

const changed = event({
  type: 'thing.changed.v1',
  summary: 'A thing changed',
  payload: t.Object({ key: t.String() }),
  key: ({ key }) => key,
});

let folder: string;
let store: Store;
let nowMs = 0;
const clock = () => nowMs;

beforeEach(async () => {
  nowMs = Date.UTC(2026, 0, 1);
  folder = await mkdtemp(join(tmpdir(), 'delivery-'));
  store = await openSqliteStore({ path: join(folder, 'things.db'), migrations: [], source: 'things', clock });
});

afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

const publish = (key: string) => store.transact((tx) => tx.publish(changed, { key }));

/** A bus that answers when the test says so. */
function handDrivenBus() {
  const asked: { key: string; take(): void; refuse(): void }[] = [];
  let deliver: ((message: BusMessage) => Promise<void>) | undefined;
  const bus: Bus = {
    publish: ({ key }) =>
      new Promise((resolve, reject) => asked.push({ key, take: resolve, refuse: () => reject(new Error('no')) })),
    subscribe: async ({ handle }) => {
      deliver = handle;
      return { close: async () => undefined };
    },
    close: async () => undefined,
  };
  return { bus, asked, keys: () => asked.map(({ key }) => key), deliver: (message: BusMessage) => deliver!(message) };
}

test('a publish without an answer holds up its own key alone, which it keeps to itself', async () => {
  const { bus, asked, keys } = handDrivenBus();
  const outbox = startOutbox({ store, bus, clock });
  await publish('stuck');
  await vi.waitUntil(() => asked.length === 1);
  await publish('stuck');
  await publish('free');
  await vi.waitUntil(() => asked.length === 2);
  expect(keys()).toEqual(['stuck', 'free']);
  asked[1]!.take();
  await vi.waitUntil(async () => (await outbox.depth()).waiting === 2);
  asked[0]!.take();
  await vi.waitUntil(() => asked.length === 3);
  asked[2]!.take();
  await vi.waitUntil(async () => (await outbox.depth()).waiting === 0);
  expect(keys()).toEqual(['stuck', 'free', 'stuck']);
  await outbox.close();
});

test('a publish without an answer fails each time its limit passes, is never doubled, and is parked in the end', async () => {
  const { bus, asked, keys } = handDrivenBus();
  const outbox = startOutbox({ store, bus, clock, attemptsMax: 3, publishMsMax: 20 });
  await publish('stuck');
  await publish('stuck');
  await vi.waitUntil(async () => (await outbox.parked()).length === 1);
  expect(await outbox.parked()).toMatchObject([{ attempts: 3, error: 'The bus did not answer within 20 ms.' }]);
  await vi.waitUntil(() => asked.length === 2);
  expect(keys()).toEqual(['stuck', 'stuck']);
  asked[1]!.take();
  await vi.waitUntil(async () => (await outbox.depth()).waiting === 0);
  await outbox.close();
});

test('a publish that is answered late, but before it is parked, has been sent', async () => {
  const { bus, asked } = handDrivenBus();
  const outbox = startOutbox({ store, bus, clock, attemptsMax: 1_000, publishMsMax: 5 });
  await publish('slow');
  const attempts = () => store.prepare<{ attempts: number }>('SELECT attempts FROM relearn_outbox').get();
  await vi.waitUntil(async () => ((await attempts())?.attempts ?? 0) >= 2);
  asked[0]!.take();
  await vi.waitUntil(async () => (await outbox.depth()).waiting === 0);
  expect(asked).toHaveLength(1);
  await outbox.close();
});

test('no event is parked because the bus is out of reach, for however long', async () => {
  const { bus, asked } = handDrivenBus();
  let fault: string | undefined = 'there is no connection';
  const outbox = startOutbox({ store, bus: { ...bus, health: () => fault }, clock, attemptsMax: 3, publishMsMax: 2 });
  await publish('stuck');
  const errors = async () => (await store.prepare<{ error: string }>('SELECT error FROM relearn_outbox').get())?.error;
  await vi.waitUntil(async () => (await errors()) === fault);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await outbox.depth()).toMatchObject({ waiting: 1, parked: 0 });
  fault = undefined;
  asked[0]!.take();
  await vi.waitUntil(async () => (await outbox.depth()).waiting === 0);
  expect(asked).toHaveLength(1);
  await outbox.close();
});

test('an outbox closes although the bus never answers, and keeps the event', async () => {
  const { bus, asked } = handDrivenBus();
  const outbox = startOutbox({ store, bus, clock, publishMsMax: 20 });
  await publish('stuck');
  await vi.waitUntil(() => asked.length === 1);
  await outbox.close();
  expect(await outbox.depth()).toMatchObject({ waiting: 1, parked: 0 });
});

test('an outbox closes at once while the bus is out of reach', async () => {
  const { bus, asked } = handDrivenBus();
  const away = { ...bus, health: () => 'there is no connection' };
  const outbox = startOutbox({ store, bus: away, clock, publishMsMax: 60_000 });
  await publish('stuck');
  await vi.waitUntil(() => asked.length === 1);
  await outbox.close();
  expect(await outbox.depth()).toMatchObject({ waiting: 1, parked: 0 });
});

test('an outbox asks of the last event it sent, sends again what was lost, and forgets what cannot be lost any more', async () => {
  const { bus, asked, keys } = handDrivenBus();
  let holds: string | undefined;
  let back: () => Promise<boolean> = async () => false;
  const recentLoss: NonNullable<Bus['recentLoss']> = {
    lossMs: 1_000,
    lastIdOf: async () => holds,
    onReturn: (check) => {
      back = check;
      return () => undefined;
    },
  };
  const outbox = startOutbox({ store, bus: { ...bus, recentLoss }, clock });
  const idOf = (table: string) => store.prepare<{ id: string }>(`SELECT id FROM ${table} ORDER BY sequence DESC`).get();
  const depth = async () => (await outbox.depth()).waiting;
  await publish('a');
  await vi.waitUntil(() => asked.length === 1);
  asked[0]!.take();
  await vi.waitUntil(async () => (await depth()) === 0);
  holds = (await idOf('relearn_sent'))!.id;
  expect(await back()).toBe(false);
  await publish('a');
  await vi.waitUntil(() => asked.length === 2);
  holds = (await idOf('relearn_outbox'))!.id;
  expect(await back()).toBe(false);
  holds = undefined;
  expect(await back()).toBe(true);
  expect(await depth()).toBe(2);
  asked[1]!.refuse();
  await vi.waitUntil(async () => {
    nowMs += 200;
    await outbox.replay(); // wakes the worker
    return asked.length === 3;
  });
  asked[2]!.take();
  await vi.waitUntil(() => asked.length === 4);
  asked[3]!.take();
  await vi.waitUntil(async () => (await depth()) === 0);
  expect(keys()).toEqual(['a', 'a', 'a', 'a']);
  nowMs += 61_000;
  await outbox.replay();
  await vi.waitUntil(async () => (await idOf('relearn_sent')) === undefined);
  await outbox.close();
});

const message = (id: string): BusMessage => ({
  id,
  type: changed.type,
  key: 'k',
  source: 'test',
  atMs: 1,
  payload: { key: 'k' },
});

test('an inbox sleeps while the head of a key does, however many wait behind it', async () => {
  const { bus, deliver } = handDrivenBus();
  let reads = 0;
  const counting: Store = Object.create(store, {
    prepare: {
      value: (sql: string) => {
        if (sql.includes('relearn_inbox AS head')) reads++;
        return store.prepare(sql);
      },
    },
    transact: { value: store.transact.bind(store) },
  });
  const handle = () => Promise.reject(new Error('not now'));
  const consumers = [{ event: changed, attemptsMax: 20, handle }];
  const inbox = await startInbox({ store: counting, bus, service: 's', consumers, clock });
  await deliver(message('1'));
  await deliver(message('2'));
  const replayed = inbox.replay(); // wakes the worker, so that it sees both
  await replayed;
  await vi.waitUntil(() => reads >= 2);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(reads).toBeLessThan(12);
  await inbox.close();
});

test('ids of messages taken long ago are forgotten while the inbox runs', async () => {
  const { bus, deliver } = handDrivenBus();
  const consumers = [{ event: changed, handle: async () => undefined }];
  const inbox = await startInbox({ store, bus, service: 's', consumers, clock });
  await deliver(message('old'));
  nowMs += 15 * 24 * 60 * 60 * 1_000;
  await deliver(message('new'));
  await inbox.replay(); // wakes the worker
  const ids = () => store.prepare<{ id: string }>('SELECT id FROM relearn_inbox').all();
  await vi.waitUntil(async () => (await ids()).length === 1);
  expect(await ids()).toEqual([{ id: 'new' }]);
  await inbox.close();
});
