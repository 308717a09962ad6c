import type { Clock } from './queue-worker.ts';
import type { QueueDepth, Store } from './store.ts';

/** What failed too often and waits for somebody to look. */
export interface ParkedMessage {
  readonly id: string;
  /** An event's type, or a job's name. */
  readonly type: string;
  /** Empty for a job without one. */
  readonly key: string;
  readonly attempts: number;
  readonly error: string | null;
}

/** Messages on their way out of a service or into it, or jobs to perform. */
export interface DeliveryQueue {
  depth(): Promise<QueueDepth>;
  parked(): Promise<ParkedMessage[]>;
  /** Brings parked messages back, all of them or those named; returns how many. */
  replay(ids?: readonly string[]): Promise<number>;
  /** Lets what is being delivered end; the rest waits in the store. */
  close(): Promise<void>;
}

export interface DeliveryQueueOptions {
  readonly store: Store;
  /** Ms since the epoch. */
  readonly clock: Clock;
  readonly log?: DeliveryLog;
  /** Failed deliveries before a message is parked. */
  readonly attemptsMax?: number;
  /** Draws from [0, 1) for the spread of retries. */
  readonly random?: () => number;
}

interface DeliveryLog {
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

/** How a queue's table is read, in SQL. */
export interface QueueTable {
  readonly name: string;
  /** Column of the event's type or the job's name. */
  readonly type: string;
  /** Conditions. */
  readonly isWaiting: string;
  readonly isParked: string;
  /** Column that says since when a row waits, ms since the epoch. */
  readonly sinceMs: string;
  /** Assignments that bring a parked row back. */
  readonly bringBack: string;
}

/** What operators see of a queue and do with it. `wake` is called when rows were brought back. */
export function overTable(
  { store, clock }: Pick<DeliveryQueueOptions, 'store' | 'clock'>,
  { name, type, isWaiting, isParked, sinceMs, bringBack }: QueueTable,
  wake: () => void,
): Omit<DeliveryQueue, 'close'> {
  const depth = `
    SELECT (SELECT count(*) FROM ${name} WHERE ${isWaiting}) AS waiting, (SELECT count(*) FROM ${name} WHERE ${isParked}) AS parked,
      (SELECT min(${sinceMs}) FROM ${name} WHERE ${isWaiting}) AS oldest`;
  const parked = `
    SELECT id, ${type} AS type, coalesce(key, '') AS key, attempts, error FROM ${name} WHERE ${isParked} ORDER BY sequence`;
  const replay = `
    UPDATE ${name} SET ${bringBack} WHERE ${isParked} AND (? IS NULL OR id IN (SELECT value FROM json_each(?)))`;
  return {
    depth: async () => {
      const row = await store.prepare<{ waiting: number; parked: number; oldest: number | null }>(depth).get();
      const { oldest = null, ...counts } = row ?? { waiting: 0, parked: 0 };
      return { ...counts, lagMs: oldest === null ? 0 : Math.max(0, clock() - oldest) };
    },
    parked: () => store.prepare<ParkedMessage>(parked).all(),
    replay: async (ids) => {
      const named = ids ? JSON.stringify(ids) : null;
      const { changes } = await store.transact((tx) => tx.prepare(replay).run(named, named));
      wake();
      return changes;
    },
  };
}
