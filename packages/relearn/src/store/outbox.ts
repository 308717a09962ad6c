import type { Bus } from '../bus/bus.ts';
import type { BusMessage } from '../contract/event.ts';
import { backoffMs } from './backoff.ts';
import type { DeliveryQueue, DeliveryQueueOptions, ParkedMessage } from './delivery-queue.ts';
import { depthOf } from './delivery-queue.ts';
import { QueueWorker } from './queue-worker.ts';

/*
 * 1. An event is in the outbox if and only if the transaction that caused it was committed.
 * 2. It leaves the outbox only after the bus has taken it: it is sent at least once.
 * 3. Events of one key are sent in the order they were written. One that fails holds back its key alone.
 * 4. One that failed `attemptsMax` times is parked: kept, visible, no longer in the way, sent again by `replay`.
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

const nextDue = `
  SELECT sequence, id, type, key, source, at_ms, traceparent, payload, attempts FROM relearn_outbox
  WHERE parked = 0 AND key NOT IN (SELECT key FROM relearn_outbox WHERE attempts > 0 AND parked = 0 AND due_at_ms > ?)
  ORDER BY sequence LIMIT ${BATCH}`;

/** Sends what the store's transactions published, woken by each commit. */
export function startOutbox({
  store,
  bus,
  clock,
  log,
  attemptsMax = 20,
  random = Math.random,
}: DeliveryQueueOptions & { readonly bus: Bus }): DeliveryQueue {
  const worker = new QueueWorker({ work: sendDue, clock, onError: (error) => log?.warn({ err: error }, 'outbox') });
  const ignore = store.onPublished(() => worker.wake());
  worker.wake();

  async function sendDue(): Promise<number | undefined> {
    const rows = await store.prepare<Row>(nextDue).all(clock());
    await Promise.all([...byKey(rows).values()].map(sendInOrder));
    if (rows.length === BATCH) worker.wake();
    const next = await store
      .prepare<{ at: number | null }>(
        'SELECT min(due_at_ms) AS at FROM relearn_outbox WHERE attempts > 0 AND parked = 0',
      )
      .get();
    return next?.at ?? undefined;
  }

  async function sendInOrder(rows: readonly Row[]): Promise<void> {
    for (const row of rows) {
      try {
        await bus.publish(messageOf(row));
      } catch (error) {
        await putOff(row, error);
        return;
      }
      await store.transact((tx) => tx.prepare('DELETE FROM relearn_outbox WHERE sequence = ?').run(row.sequence));
    }
  }

  async function putOff(row: Row, error: unknown): Promise<void> {
    const attempts = row.attempts + 1;
    const parked = attempts >= attemptsMax;
    if (parked) log?.error({ eventId: row.id, type: row.type, attempts }, 'event parked');
    await store.transact((tx) =>
      tx
        .prepare('UPDATE relearn_outbox SET attempts = ?, parked = ?, due_at_ms = ?, error = ? WHERE sequence = ?')
        .run(attempts, parked ? 1 : 0, clock() + backoffMs(attempts, random), String(error), row.sequence),
    );
  }

  return {
    depth: () =>
      depthOf(
        store,
        `
      SELECT count(*) FILTER (WHERE parked = 0) AS waiting, count(*) FILTER (WHERE parked = 1) AS parked,
        min(at_ms) FILTER (WHERE parked = 0) AS oldest FROM relearn_outbox`,
        clock,
      ),
    parked: () =>
      store
        .prepare<ParkedMessage>(
          'SELECT id, type, key, attempts, error FROM relearn_outbox WHERE parked = 1 ORDER BY sequence',
        )
        .all(),
    replay: async (ids) => {
      const named = ids ? JSON.stringify(ids) : null;
      const { changes } = await store.transact((tx) =>
        tx
          .prepare(
            'UPDATE relearn_outbox SET parked = 0, attempts = 0, due_at_ms = 0 WHERE parked = 1 AND (? IS NULL OR id IN (SELECT value FROM json_each(?)))',
          )
          .run(named, named),
      );
      worker.wake();
      return changes;
    },
    close: async () => {
      ignore();
      await worker.close();
    },
  };
}

function byKey(rows: readonly Row[]): Map<string, Row[]> {
  return Map.groupBy(rows, (row) => row.key);
}

function messageOf({ id, type, key, source, at_ms, traceparent, payload }: Row): BusMessage {
  return { id, type, key, source, atMs: at_ms, ...(traceparent && { traceparent }), payload: JSON.parse(payload) };
}
