import type { QueueDepth, Store } from './store.ts';

/** What failed too often and waits for somebody to look. */
export interface ParkedMessage {
  readonly id: string;
  readonly type: string;
  readonly key: string;
  readonly attempts: number;
  readonly error: string | null;
}

/** Messages on their way out of a service or into it. */
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
  readonly clock: () => number;
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

/** Reads a queue's depth with a statement that gives `waiting`, `parked` and `oldest` (ms since the epoch). */
export async function depthOf(store: Store, sql: string, clock: () => number): Promise<QueueDepth> {
  const row = await store.prepare<{ waiting: number; parked: number; oldest: number | null }>(sql).get();
  const { waiting = 0, parked = 0, oldest = null } = row ?? {};
  return { waiting, parked, lagMs: oldest === null ? 0 : Math.max(0, clock() - oldest) };
}
