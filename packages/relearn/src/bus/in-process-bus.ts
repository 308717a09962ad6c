import type { Bus } from './bus.ts';
import { BusClosed, DeliveryGroup, type Handle } from './delivery-group.ts';

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
  const groups = new Map<string, DeliveryGroup>();
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
      const group = groups.get(key) ?? new DeliveryGroup(type, pace);
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
