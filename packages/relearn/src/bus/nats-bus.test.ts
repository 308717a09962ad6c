import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { Type as t } from 'typebox';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type BusMessage, event } from '../contract/event.ts';
import { openSqliteStore, startOutbox } from '../store/index.ts';
import { temporaryHome } from '../testing/temporary-home.ts';
import type { Bus } from './bus.ts';
import { busMessage, busSuite } from './bus-suite.ts';
import { BusUnreachable, openNatsBus } from './nats-bus.ts';
import { type NatsServer, noNatsServer, startNatsServer } from './nats-server.fixture.ts';

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const member = fileURLToPath(new URL('./nats-member.process.ts', import.meta.url));

interface Taken {
  readonly key: string;
  readonly turn: number;
}

describe.skipIf(noNatsServer)(`The bus over NATS${noNatsServer ? `: ${noNatsServer}` : ''}`, () => {
  let server: NatsServer;
  beforeAll(async () => {
    server = await startNatsServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  let streams = 0;
  busSuite('NATS JetStream', () =>
    openNatsBus({ url: server.url, log, stream: `events-${++streams}`, backoffMs: 1, backoffMsMax: 4 }),
  );
});

describe.skipIf(noNatsServer)(`The bus over NATS, in bad weather${noNatsServer ? `: ${noNatsServer}` : ''}`, () => {
  let server: NatsServer;
  beforeEach(async () => {
    server = await startNatsServer();
  });
  afterEach(() => server[Symbol.asyncDispose]());

  async function open(): Promise<Bus> {
    const bus = await openNatsBus({ url: server.url, log });
    onTestFinished(() => bus.close());
    return bus;
  }

  it('loses nothing and keeps the order of each key while the server is restarted and killed', async () => {
    const [publisher, subscriber] = [await open(), await open()];
    const taken: Taken[] = [];
    await subscriber.subscribe({
      type,
      group: 'g',
      async handle(message) {
        await sleep(Math.random() * 10);
        taken.push(takenOf(message));
      },
    });
    const published = publishTurns(publisher, { keys: 8, turns: 150, paceMs: 5 });
    for (const signal of ['SIGTERM', 'SIGKILL', 'SIGKILL', 'SIGKILL'] as const) {
      const before = taken.length;
      await vi.waitUntil(() => taken.length > before + 100, patience);
      await server.stop(signal);
      await server.start();
    }
    await published;
    await vi.waitUntil(() => taken.length >= 1_200, patience);
    expectOrder(taken, { keys: 8, turns: 150 });
    expect(taken).toHaveLength(1_200);
  }, 60_000);

  it('gives what a killed process had not handled to the next, before what came later under the key', async () => {
    const bus = await open();
    const taken: Taken[] = [];
    const published = publishTurns(bus, { keys: 8, turns: 40 });
    for (let life = 0; life < 4; life++) {
      const child = await startMember(taken);
      const before = taken.length;
      await vi.waitUntil(() => taken.length > before + 30, patience);
      child.kill('SIGKILL');
      await once(child, 'close');
    }
    await published;
    await startMember(taken);
    await vi.waitUntil(() => new Set(taken.map(textOf)).size === 320, patience);
    expectOrder(taken, { keys: 8, turns: 40 });
  }, 60_000);

  it('lets one process of a group take at a time, and another when that is killed or leaves', async () => {
    const bus = await open();
    const [first, second, third]: [Taken[], Taken[], Taken[]] = [[], [], []];
    const one = await startMember(first);
    const two = await startMember(second);
    await publishTurns(bus, { keys: 4, turns: 100 });
    await vi.waitUntil(() => first.length === 400, patience);
    expect(second).toEqual([]);
    one.kill('SIGKILL');
    await publishTurns(bus, { keys: 4, turns: 10, from: 100 });
    await vi.waitUntil(() => second.length >= 40, patience);
    await startMember(third);
    two.send('leave');
    await once(two, 'close');
    await publishTurns(bus, { keys: 4, turns: 10, from: 110 });
    await vi.waitUntil(() => third.length === 40, patience);
    expectOrder([...first, ...second, ...third], { keys: 4, turns: 120 });
  }, 60_000);

  it('does not begin again what is under way when the connection comes back', async () => {
    const bus = await open();
    const begun: Taken[] = [];
    const gate = Promise.withResolvers<void>();
    const handle = async (message: BusMessage) => {
      begun.push(takenOf(message));
      if (message.key === 'key-0') await gate.promise;
    };
    await bus.subscribe({ type, group: 'g', handle });
    await publishTurns(bus, { keys: 2, turns: 2 });
    await server.stop('SIGKILL');
    await server.start();
    await publishTurns(bus, { keys: 2, turns: 1, from: 2 });
    await vi.waitUntil(() => begun.some(({ key, turn }) => key === 'key-1' && turn === 2), patience);
    gate.resolve();
    await vi.waitUntil(() => begun.length >= 6, patience);
    expectOrder(begun, { keys: 2, turns: 3 });
    expect(begun).toHaveLength(6);
  }, 30_000);

  it('takes in their order messages that went astray on their way', async () => {
    const bus = await open();
    await using stranger = await dialed(server);
    const taken: Taken[] = [];
    await bus.subscribe({ type, group: 'g', handle: async (message) => void taken.push(takenOf(message)) });
    const consumer = await jetstream(stranger.connection).consumers.get('events', 'g-thing_changed_v1');
    const astray: string[] = [];
    const fetched = await consumer.fetch({ max_messages: 5, expires: 20_000 });
    void (async () => {
      for await (const { subject } of fetched) astray.push(subject);
    })();
    await publishTurns(bus, { keys: 1, turns: 300 });
    await vi.waitUntil(() => taken.length >= 300, patience);
    expect(astray).toHaveLength(5);
    expectOrder(taken, { keys: 1, turns: 300 });
  }, 60_000);

  it('goes on with new messages where the server has lost the end of its stream', async () => {
    const [publisher, subscriber] = [await open(), await open()];
    const taken: Taken[] = [];
    await subscriber.subscribe({ type, group: 'g', handle: async (message) => void taken.push(takenOf(message)) });
    await publishTurns(publisher, { keys: 1, turns: 5 });
    await vi.waitUntil(() => taken.length === 5, patience);
    await server.stop('SIGTERM');
    await cp(server.kept, `${server.kept}-before`, { recursive: true });
    await server.start();
    await publishTurns(publisher, { keys: 1, turns: 5, from: 5 });
    await vi.waitUntil(() => taken.length === 10, patience);
    await server.stop('SIGKILL');
    await rm(server.kept, { recursive: true });
    await cp(`${server.kept}-before`, server.kept, { recursive: true });
    await server.start();
    await publishTurns(publisher, { keys: 1, turns: 7, from: 10 });
    await vi.waitUntil(() => new Set(taken.map(textOf)).size === 17, patience);
    expectOrder(taken, { keys: 1, turns: 17 });
  }, 60_000);

  it.each(['goes on', 'starts anew'])(
    'sends again, in order, what the server lost before anybody took it, when the publisher %s',
    async (how) => {
      await using home = await temporaryHome();
      let bus = await open();
      const clock = Date.now;
      const store = await openSqliteStore({ path: join(home.path, 's.db'), migrations: [], source: 's', clock });
      const start = () => startOutbox({ store, bus, clock });
      let outbox = start();
      const publish = (turn: number) =>
        store.transact(async (tx) => {
          for (const key of ['key-0', 'key-1']) await tx.publish(changed, { key, turn });
        });
      const sent = () => vi.waitUntil(async () => (await outbox.depth()).waiting === 0, patience);
      for (const turn of [0, 1, 2]) await publish(turn);
      await sent();
      await server.stop('SIGTERM');
      await cp(server.kept, `${server.kept}-before`, { recursive: true });
      await server.start();
      for (const turn of [3, 4, 5, 6]) await publish(turn);
      await sent();
      if (how === 'starts anew') {
        await outbox.close();
        await bus.close();
      }
      await server.stop('SIGKILL');
      await rm(server.kept, { recursive: true });
      await cp(`${server.kept}-before`, server.kept, { recursive: true });
      await publish(7);
      await server.start();
      if (how === 'starts anew') {
        bus = await open();
        outbox = start();
      }
      const taken: Taken[] = [];
      await bus.subscribe({ type, group: 'g', handle: async ({ payload }) => void taken.push(payload as Taken) });
      await vi.waitUntil(() => taken.length >= 16, patience);
      expectOrder(taken, { keys: 2, turns: 8 });
      expect(taken).toHaveLength(16);
      await outbox.close();
      await store.close();
    },
    60_000,
  );

  it('stores a message once that is published twice', async () => {
    const bus = await open();
    const [twice, last] = [busMessage(), busMessage()];
    for (const message of [twice, twice, last]) await bus.publish(message);
    const taken: string[] = [];
    await bus.subscribe({ type, group: 'g', handle: async ({ id }) => void taken.push(id) });
    await vi.waitUntil(() => taken.includes(last.id), patience);
    expect(taken).toEqual([twice.id, last.id]);
  });

  it('carries keys of any text', async () => {
    const bus = await open();
    const keys = ['', 'a.b', '*', '>', 'two words', 'grün', 'x'.repeat(5_000), '=', 'a/b?c'];
    const taken: string[] = [];
    await bus.subscribe({ type, group: 'g', handle: async ({ key }) => void taken.push(key) });
    for (const key of keys) await bus.publish(busMessage({ key }));
    await vi.waitUntil(() => taken.length === keys.length, patience);
    expect(taken).toEqual(keys);
  });

  it('passes over what is not an event', async () => {
    const bus = await open();
    const taken: string[] = [];
    await using stranger = await dialed(server);
    await bus.subscribe({ type, group: 'g', handle: async ({ id }) => void taken.push(id) });
    for (const text of ['not JSON', '{"type":"other"}', 'null'])
      await jetstream(stranger.connection).publish(`events.${type}.k`, text);
    const message = busMessage();
    await bus.publish(message);
    await vi.waitUntil(() => taken.length === 1, patience);
    expect(taken).toEqual([message.id]);
  });

  it('publishes again where the stream was taken away', async () => {
    const bus = await open();
    const taken: string[] = [];
    await bus.subscribe({ type, group: 'g', handle: async ({ id }) => void taken.push(id) });
    await server.stop('SIGTERM');
    await rm(server.kept, { recursive: true });
    await server.start();
    const message = busMessage();
    await untilPublished(bus, message);
    await vi.waitUntil(() => taken.length === 1, patience);
    expect(taken).toEqual([message.id]);
  }, 30_000);

  it('says where it found no server, and waits for one that is late', async () => {
    await server.stop('SIGTERM');
    const opened = openNatsBus({ url: server.url, log, connectMsMax: 0 });
    await expect(opened).rejects.toThrow(BusUnreachable);
    await expect(opened).rejects.toThrow(`No NATS server answers at ${server.url.slice('nats://'.length)}`);
    const late = open();
    await server.start();
    await (await late).publish(busMessage());
  });

  async function startMember(taken: Taken[]): Promise<ChildProcess> {
    const child = fork(member, [server.url, 'g']);
    onTestFinished(() => void child.kill('SIGKILL'));
    await once(child, 'message');
    child.on('message', (message) => taken.push(message as Taken));
    return child;
  }
});

const type = 'thing.changed.v1';
const changed = event({
  type,
  summary: 'A thing changed',
  payload: t.Object({ key: t.String(), turn: t.Integer() }),
  key: ({ key }) => key,
});
const patience = { timeout: 30_000, interval: 5 };

const takenOf = ({ key, payload }: BusMessage): Taken => ({ key, ...(payload as { turn: number }) });
const textOf = ({ key, turn }: Taken) => `${key} ${turn}`;

interface Turns {
  readonly keys: number;
  readonly turns: number;
  readonly from?: number;
  readonly paceMs?: number;
}

/** As an outbox does: one of a key at a time, again until the bus has taken it. */
async function publishTurns(bus: Bus, { keys, turns, from = 0, paceMs = 0 }: Turns) {
  const publishKey = async (key: string) => {
    for (let turn = from; turn < from + turns; turn++) {
      await untilPublished(bus, busMessage({ key, payload: { turn } }));
      if (paceMs > 0) await sleep(paceMs);
    }
  };
  await Promise.all(Array.from({ length: keys }, (_, key) => publishKey(`key-${key}`)));
}

async function untilPublished(bus: Bus, message: BusMessage): Promise<void> {
  for (;;) {
    try {
      return await bus.publish(message);
    } catch {
      await sleep(20);
    }
  }
}

/** Each key's turns came in order, repeats left out. */
function expectOrder(taken: readonly Taken[], { keys, turns }: Turns): void {
  const wanted = Array.from({ length: turns }, (_, turn) => turn);
  for (let key = 0; key < keys; key++) {
    const ofKey = taken.filter((each) => each.key === `key-${key}`).map(({ turn }) => turn);
    expect([...new Set(ofKey)]).toEqual(wanted);
  }
}

async function dialed(server: NatsServer) {
  const connection = await connect({ servers: server.url });
  return { connection, [Symbol.asyncDispose]: () => connection.close() };
}
