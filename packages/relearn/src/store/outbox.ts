import type { Bus } from '../bus/bus.ts';
import type { BusMessage } from '../contract/event.ts';
import { backoffMs } from './backoff.ts';
import { type DeliveryQueue, type DeliveryQueueOptions, overTable, type QueueTable } from './delivery-queue.ts';
import { QueueWorker } from './queue-worker.ts';
import { sentEvents } from './sent-events.ts';

/*
 * 1. An event is in the outbox if and only if the transaction that caused it was committed.
 * 2. It leaves the outbox only after the bus has taken it: it is sent at least once. What the bus may yet lose is kept, and sent again when it did.
 * 3. Events of one key are sent in the order they were written. One that fails holds back its key alone.
 * 4. One key has one publish under way. One that the bus neither takes nor refuses counts as failed each time its limit passes; other keys go on.
 * 5. One that failed `attemptsMax` times is parked: kept, visible, no longer in the way, sent again by `replay`. None is parked while the bus is
 *    out of reach.
 */

interface Row {
  sequence: number;
  id: string;
  type: string;
  key: string;
  source: string;
  at_ms: number;
  traceparent: string | null;
  payload: string;
  attempts: number;
}

/** Events read at a time. */
const BATCH = 200;

/** Keys that may have a publish under way at one time. */
const KEYS_MAX = 1_000;

const table: QueueTable = {
  name: 'relearn_outbox',
  type: 'type',
  isWaiting: 'parked = 0',
  isParked: 'parked = 1',
  sinceMs: 'at_ms',
  bringBack: 'parked = 0, attempts = 0, due_at_ms = 0',
};

const nextDue = `
  SELECT sequence, id, type, key, source, at_ms, traceparent, payload, attempts FROM relearn_outbox
  WHERE parked = 0 AND key NOT IN (SELECT key FROM relearn_outbox WHERE attempts > 0 AND parked = 0 AND due_at_ms > ?)
    AND key NOT IN (SELECT value FROM json_each(?))
  ORDER BY sequence LIMIT ?`;

const nextDueAt = `
  SELECT min(due_at_ms) AS at FROM relearn_outbox
  WHERE attempts > 0 AND parked = 0 AND key NOT IN (SELECT value FROM json_each(?))`;

export interface OutboxOptions extends DeliveryQueueOptions {
  readonly bus: Bus;
  /** A publish that took this long has failed; 30,000. */
  readonly publishMsMax?: number;
}

/** Sends what the store's transactions published, woken by each commit. `close` waits `publishMsMax` at most, and not at all for a bus out of reach. */
export function startOutbox({
  store,
  bus,
  clock,
  log,
  attemptsMax = 20,
  publishMsMax = 30_000,
  random = Math.random,
}: OutboxOptions): DeliveryQueue {
  const underWay = new Map<string, Promise<void>>();
  const unreachable = new AbortController();
  let closing = false;
  const worker = new QueueWorker({ work: sendDue, clock, onError: (error) => log?.warn({ err: error }, 'outbox') });
  const sent = sentEvents(bus, store, clock);
  const ignore = [store.onPublished(() => worker.wake()), bus.recentLoss?.onReturn(recall)];
  let ready = false;
  void begin();

  async function begin(): Promise<void> {
    await recall().catch((error: unknown) => log?.warn({ err: error }, 'outbox'));
    ready = true;
    worker.wake();
  }

  /** True when the bus had lost events, which are now to be sent again. */
  async function recall(): Promise<boolean> {
    const count = await sent.recall();
    if (count === 0) return false;
    log?.warn({ count }, 'the bus lost events: they are sent again');
    worker.wake();
    return true;
  }

  async function sendDue(): Promise<number | undefined> {
    if (!ready) return undefined;
    await sent.forget();
    const rowsMax = Math.min(BATCH, KEYS_MAX - underWay.size);
    if (rowsMax <= 0) return undefined;
    const rows = await store.prepare<Row>(nextDue).all(clock(), keysUnderWay(), rowsMax);
    for (const [key, ofKey] of Map.groupBy(rows, (row) => row.key)) underWay.set(key, sendKey(key, ofKey));
    if (rows.length === rowsMax) worker.wake();
    return (await store.prepare<{ at: number | null }>(nextDueAt).get(keysUnderWay()))?.at ?? undefined;
  }

  function keysUnderWay(): string {
    return JSON.stringify([...underWay.keys()]);
  }

  /** Frees the key at the end. When the store failed nobody is woken: the next poll tries again. */
  async function sendKey(key: string, rows: readonly Row[]): Promise<void> {
    try {
      for (const row of rows) if (closing || !(await send(row))) break;
      underWay.delete(key);
      worker.wake();
    } catch (error) {
      underWay.delete(key);
      log?.warn({ err: error }, 'outbox');
    }
  }

  /** True once the bus has taken it and it is out of the store; false when what follows it must wait. */
  async function send(row: Row): Promise<boolean> {
    const published = outcomeOf(bus, messageOf(row));
    for (let attempts = row.attempts + 1; ; attempts++) {
      const outcome = await within(published, publishMsMax, unreachable.signal);
      if (outcome?.taken) {
        await store.transact((tx) => sent.remove(tx, row.sequence));
        return true;
      }
      const away = bus.health?.();
      const reason = outcome?.error ?? away ?? `The bus did not answer within ${publishMsMax} ms.`;
      if (away !== undefined) attempts = Math.min(attempts, attemptsMax - 1);
      await putOff(row, attempts, reason);
      if (outcome || closing || attempts >= attemptsMax) return false;
    }
  }

  async function putOff(row: Row, attempts: number, error: unknown): Promise<void> {
    const parked = attempts >= attemptsMax;
    if (parked) log?.error({ eventId: row.id, type: row.type, attempts }, 'event parked');
    await store.transact((tx) =>
      tx
        .prepare('UPDATE relearn_outbox SET attempts = ?, parked = ?, due_at_ms = ?, error = ? WHERE sequence = ?')
        .run(attempts, parked ? 1 : 0, clock() + backoffMs(attempts, random), String(error), row.sequence),
    );
  }

  return {
    ...overTable({ store, clock }, table, () => worker.wake()),
    close: async () => {
      closing = true;
      for (const each of ignore) each?.();
      if (bus.health?.() !== undefined) unreachable.abort();
      await worker.close();
      await Promise.all(underWay.values());
    },
  };
}

type Outcome = { readonly taken: true } | { readonly taken: false; readonly error: unknown };

async function outcomeOf(bus: Bus, message: BusMessage): Promise<Outcome> {
  try {
    await bus.publish(message);
    return { taken: true };
  } catch (error) {
    return { taken: false, error };
  }
}

/** Undefined when the limit passes, or `signal` aborts, first. */
async function within<T>(pending: Promise<T>, limitMs: number, signal: AbortSignal): Promise<T | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const end = () => resolve(undefined);
  const timer = setTimeout(end, limitMs);
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  try {
    return await Promise.race([pending, promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  }
}

function messageOf({ id, type, key, source, at_ms, traceparent, payload }: Row): BusMessage {
  return { id, type, key, source, atMs: at_ms, ...(traceparent && { traceparent }), payload: JSON.parse(payload) };
}
