import type { Bus } from '../bus/bus.ts';
import type { BusMessage, EventType } from '../contract/event.ts';
import { backoffMs } from './backoff.ts';
import { type DeliveryQueue, type DeliveryQueueOptions, overTable, type QueueTable } from './delivery-queue.ts';
import { FORGET_ROWS, forgetting } from './forgetting.ts';
import { QueueWorker } from './queue-worker.ts';
import type { Tx } from './store.ts';
import { StoreUnavailable } from './store-unavailable.ts';

/*
 * 1. A message's id is recorded in the transaction of its effect: however often it comes, its effect is there once.
 * 2. The bus is told that a message was taken only after its effect, or the message itself, is on disk.
 * 3. Messages of one key take effect in the order they came. One that fails holds back its key alone.
 * 4. One that failed `attemptsMax` times is parked: kept, visible, no longer in the way, taken again by `replay`.
 */

/** Ids of messages taken are kept this long; the bus brings none back later. */
const REMEMBERED_MS = 14 * 24 * 60 * 60 * 1_000;

const forgetOld = `
  DELETE FROM relearn_inbox WHERE sequence IN
    (SELECT sequence FROM relearn_inbox WHERE state = 'done' AND received_at_ms < ? LIMIT ${FORGET_ROWS})`;

/** Takes one kind of event in a transaction of the service's store. */
export interface InboxConsumer {
  readonly event: EventType;
  readonly attemptsMax?: number;
  handle(payload: any, context: { readonly tx: Tx; readonly message: BusMessage; readonly log: any }): Promise<void>;
}

export interface InboxOptions extends Omit<DeliveryQueueOptions, 'attemptsMax'> {
  readonly bus: Bus;
  /** Names the group of consumers on the bus. */
  readonly service: string;
  readonly consumers: readonly InboxConsumer[];
}

interface WaitingRow {
  id: string;
  type: string;
  message: string;
  attempts: number;
}

const table: QueueTable = {
  name: 'relearn_inbox',
  type: 'type',
  isWaiting: "state = 'waiting'",
  isParked: "state = 'parked'",
  sinceMs: 'received_at_ms',
  bringBack: "state = 'waiting', attempts = 0, due_at_ms = 0",
};

/** The first that waits of its key; the others wait behind it, whenever they fall due. */
const heads = `
  relearn_inbox AS head WHERE state = 'waiting'
    AND NOT EXISTS (SELECT 1 FROM relearn_inbox AS before WHERE before.state = 'waiting'
      AND before.type = head.type AND before.key = head.key AND before.sequence < head.sequence)`;

const nextDue = `SELECT id, type, message, attempts FROM ${heads} AND due_at_ms <= ? ORDER BY sequence LIMIT 100`;

const nextDueAt = `SELECT min(due_at_ms) AS at FROM ${heads}`;

/** Subscribes a service's consumers to the bus. */
export async function startInbox(options: InboxOptions): Promise<DeliveryQueue> {
  const { store, bus, service, consumers, clock, log, random = Math.random } = options;
  const byType = new Map(consumers.map((consumer) => [consumer.event.type, consumer]));
  const forget = forgetting({ store, clock, keptMs: REMEMBERED_MS, sql: forgetOld });
  const worker = new QueueWorker({ work: retryDue, clock, onError: (error) => log?.warn({ err: error }, 'inbox') });

  async function receive(consumer: InboxConsumer, message: BusMessage): Promise<void> {
    try {
      await store.transact((tx) => takeNew(tx, consumer, message, clock(), log));
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error;
      await store.transact((tx) => putOff(tx, consumer, message, 0, error));
      worker.wake();
    }
  }

  async function retryDue(): Promise<number | undefined> {
    const rows = await store.prepare<WaitingRow>(nextDue).all(clock());
    for (const row of rows) await retry(row);
    if (rows.length > 0) worker.wake();
    await forget();
    return (await store.prepare<{ at: number | null }>(nextDueAt).get())?.at ?? undefined;
  }

  async function retry({ type, message: text, attempts }: WaitingRow): Promise<void> {
    const consumer = byType.get(type);
    const message = JSON.parse(text) as BusMessage;
    if (!consumer) return store.transact((tx) => markParked(tx, message, 'no consumer takes this type'));
    try {
      await store.transact(async (tx) => {
        await consumer.handle(message.payload, { tx, message, log });
        await tx
          .prepare("UPDATE relearn_inbox SET state = 'done', message = NULL, error = NULL WHERE id = ? AND type = ?")
          .run(message.id, type);
      });
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error;
      await store.transact((tx) => putOff(tx, consumer, message, attempts, error));
    }
  }

  async function putOff(
    tx: Tx,
    { attemptsMax = 5 }: InboxConsumer,
    message: BusMessage,
    failures: number,
    error: unknown,
  ) {
    const attempts = failures + 1;
    const state = attempts >= attemptsMax ? 'parked' : 'waiting';
    if (state === 'parked') log?.error({ eventId: message.id, type: message.type, attempts }, 'message parked');
    await tx
      .prepare(
        `INSERT INTO relearn_inbox (id, type, key, message, received_at_ms, attempts, due_at_ms, state, error) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id, type) DO UPDATE SET attempts = excluded.attempts, due_at_ms = excluded.due_at_ms, state = excluded.state, error = excluded.error`,
      )
      .run(
        message.id,
        message.type,
        message.key,
        JSON.stringify(message),
        clock(),
        attempts,
        clock() + backoffMs(attempts, random),
        state,
        String(error),
      );
  }

  const subscriptions = await Promise.all(
    consumers.map((consumer) =>
      bus.subscribe({ type: consumer.event.type, group: service, handle: (message) => receive(consumer, message) }),
    ),
  );
  worker.wake();
  return {
    ...overTable({ store, clock }, table, () => worker.wake()),
    close: async () => {
      await Promise.all(subscriptions.map((subscription) => subscription.close()));
      await worker.close();
    },
  };
}

/** First delivery: a message seen before is done with; one whose key is held back waits behind it; any other takes effect. */
async function takeNew(
  tx: Tx,
  consumer: InboxConsumer,
  message: BusMessage,
  nowMs: number,
  log: unknown,
): Promise<void> {
  const { id, type, key } = message;
  const seen = await tx.prepare('SELECT 1 FROM relearn_inbox WHERE id = ? AND type = ?').get(id, type);
  if (seen) return;
  const held = await tx
    .prepare("SELECT 1 FROM relearn_inbox WHERE type = ? AND key = ? AND state = 'waiting' LIMIT 1")
    .get(type, key);
  const insert = tx.prepare(
    'INSERT INTO relearn_inbox (id, type, key, message, received_at_ms, state) VALUES (?, ?, ?, ?, ?, ?)',
  );
  if (held) {
    await insert.run(id, type, key, JSON.stringify(message), nowMs, 'waiting');
    return;
  }
  await consumer.handle(message.payload, { tx, message, log });
  await insert.run(id, type, key, null, nowMs, 'done');
}

async function markParked(tx: Tx, { id, type }: BusMessage, error: string): Promise<void> {
  await tx
    .prepare("UPDATE relearn_inbox SET state = 'parked', error = ? WHERE id = ? AND type = ?")
    .run(error, id, type);
}
