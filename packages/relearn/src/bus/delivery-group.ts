import { setTimeout as sleep } from 'node:timers/promises';
import type { BusMessage } from '../contract/event.ts';
import { KeyedQueue } from './keyed-queue.ts';

export type Handle = (message: BusMessage) => Promise<void>;

/** Thrown to those whose messages were not yet handled when the bus closed; they are sent again. */
export class BusClosed extends Error {
  override readonly name = 'BusClosed';
  constructor() {
    super('The bus is closed.');
  }
}

/** How fast a message that was not handled is delivered again. */
export interface DeliveryPace {
  /** Wait before the second delivery, doubled with each failure. */
  readonly backoffMs: number;
  readonly backoffMsMax: number;
  /** Aborts when the bus closes. */
  readonly signal: AbortSignal;
}

/** The members in this process that share one group's messages: keys in parallel, one key in order. */
export class DeliveryGroup {
  readonly type: string;
  readonly #members: Handle[] = [];
  readonly #queue = new KeyedQueue();
  readonly #pace: DeliveryPace;
  #next = 0;

  constructor(type: string, pace: DeliveryPace) {
    this.type = type;
    this.#pace = pace;
  }

  get memberCount(): number {
    return this.#members.length;
  }

  join(member: Handle): void {
    this.#members.push(member);
  }

  /** Resolves when what the group had begun is handled, or handed to its other members. */
  async leave(member: Handle): Promise<void> {
    const index = this.#members.indexOf(member);
    if (index >= 0) this.#members.splice(index, 1);
    if (this.#members.length > 0) await this.#queue.begun();
    else await this.#queue.settled();
  }

  /** Resolves when a member has handled the message. @throws BusClosed when there is none left to do so. */
  deliver(message: BusMessage): Promise<void> {
    return this.#queue.run(message.key, () => this.#untilHandled(message));
  }

  settled(): Promise<void> {
    return this.#queue.settled();
  }

  async #untilHandled(message: BusMessage): Promise<void> {
    for (let failures = 0; ; failures++) {
      if (this.#pace.signal.aborted || this.#members.length === 0) throw new BusClosed();
      try {
        return await this.#members[this.#next++ % this.#members.length]!(message);
      } catch {
        await this.#wait(failures);
      }
    }
  }

  /** Any failure of a delivery ends in another delivery: those who handle decide when to give up. */
  async #wait(failures: number): Promise<void> {
    const { backoffMs, backoffMsMax, signal } = this.#pace;
    const waitMs = Math.min(backoffMs * 2 ** failures, backoffMsMax);
    await sleep(waitMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
}
