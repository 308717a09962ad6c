import { setTimeout as sleep } from 'node:timers/promises';
import type { BusMessage } from '../contract/event.ts';
import type { Bus } from './bus.ts';
import { KeyedQueue } from './keyed-queue.ts';

type Handle = (message: BusMessage) => Promise<void>;

/** Thrown to those whose messages were not yet handled when the bus closed; the outbox sends them again. */
export class BusClosed extends Error {
  override readonly name = 'BusClosed';
  constructor() {
    super('The bus is closed.');
  }
}

export interface InProcessBusOptions {
  /** Wait before the second delivery, doubled with each failure. */
  readonly backoffMs?: number;
  readonly backoffMsMax?: number;
}

/**
 * A bus inside one process. It holds nothing that is not elsewhere too: `publish` resolves only once every group has handled the
 * message, so a crash before leaves it in the publisher's outbox. A type nobody subscribes to is taken at once.
 */
export function inProcessBus({ backoffMs = 50, backoffMsMax = 5_000 }: InProcessBusOptions = {}): Bus {
  const groups = new Map<string, Group>();
  const closing = new AbortController();
  const pace = { backoffMs, backoffMsMax, signal: closing.signal };

  return {
    async publish(message) {
      if (closing.signal.aborted) throw new BusClosed();
      const takers = [...groups.values()].filter((group) => group.type === message.type);
      await Promise.all(takers.map((group) => group.deliver(message)));
    },
    async subscribe({ type, group: name, handle }) {
      const key = `${type} ${name}`;
      const group = groups.get(key) ?? new Group(type, pace);
      groups.set(key, group);
      const member: Handle = (message) => handle(message);
      group.join(member);
      return {
        close: async () => {
          await group.leave(member);
          if (group.memberCount === 0) groups.delete(key);
        },
      };
    },
    async close() {
      closing.abort(new BusClosed());
      await Promise.all([...groups.values()].map((group) => group.settled()));
      groups.clear();
    },
  };
}

interface Pace {
  readonly backoffMs: number;
  readonly backoffMsMax: number;
  readonly signal: AbortSignal;
}

/** The members that share one group's messages: keys in parallel, one key in order. */
class Group {
  readonly type: string;
  readonly #members: Handle[] = [];
  readonly #queue = new KeyedQueue();
  readonly #pace: Pace;
  #next = 0;

  constructor(type: string, pace: Pace) {
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
