import type { BusMessage } from '../contract/event.ts';

/** Carries messages between services, at least once. Never the only copy: the outbox keeps what has not been taken. */
export interface Bus {
  /** Resolves when the bus has taken the message; may wait while the bus is out of reach. */
  publish(message: BusMessage): Promise<void>;
  /**
   * Delivers every message of `type` to `handle`, in key order, again until it resolves. `group` names the consumer: each group gets each
   * message, its members share them.
   */
  subscribe(subscription: {
    readonly type: string;
    readonly group: string;
    readonly handle: (message: BusMessage) => Promise<void>;
  }): Promise<{ close(): Promise<void> }>;
  /** Of a bus that may lose, when its machine fails, what it took shortly before. */
  readonly recentLoss?: RecentLoss;
  /** Why nothing can be published now, which is no message's fault; undefined while something can. */
  health?(): string | undefined;
  close(): Promise<void>;
}

export interface RecentLoss {
  /** What was taken longer ago than this cannot be lost, ms. */
  readonly lossMs: number;
  /** Id of the last message of a type and key that the bus holds. */
  lastIdOf(type: string, key: string): Promise<string | undefined>;
  /**
   * Calls `check` whenever the bus was out of reach, before it takes anything again. Where it resolves to true, messages were lost, and those that
   * wait to be published are refused: lost ones go before them. Returns what takes the wish back.
   */
  onReturn(check: () => Promise<boolean>): () => void;
}

export interface BusLog {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}
