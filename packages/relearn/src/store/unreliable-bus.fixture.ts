import { setTimeout as sleep } from 'node:timers/promises';
import type { Bus } from '../bus/bus.ts';
import type { BusMessage } from '../contract/event.ts';

/**
 * A bus that keeps only what a bus promises: at least once, in key order, for tests. By a draw from `random` it refuses a message before
 * taking it, delivers it and says that it failed, delivers it twice, or takes its time.
 */
export function unreliableBus(random: () => number): Bus & { calm: boolean } {
  const handlers: { type: string; handle(message: BusMessage): Promise<void> }[] = [];
  const deliver = async (message: BusMessage) => {
    const copy = structuredClone(message);
    for (const { type, handle } of handlers) if (type === message.type) await handle(copy);
  };
  return {
    calm: false,
    async publish(message) {
      const draw = this.calm ? 1 : random();
      if (draw < 0.2) throw new Error('refused');
      if (draw < 0.4) await sleep(random() * 3);
      await deliver(message);
      if (draw > 0.6 && draw < 0.8) await deliver(message);
      if (draw > 0.8 && draw < 1) throw new Error('took it, and says that it failed');
    },
    async subscribe({ type, handle }) {
      const handler = { type, handle };
      handlers.push(handler);
      return { close: async () => void handlers.splice(handlers.indexOf(handler), 1) };
    },
    close: async () => undefined,
  };
}
