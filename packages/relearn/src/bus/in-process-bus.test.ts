import { describe, expect, it } from 'vitest';
import { busMessage, busSuite } from './bus-suite.ts';
import { BusClosed } from './delivery-group.ts';
import { inProcessBus } from './in-process-bus.ts';

const open = () => inProcessBus({ backoffMs: 1, backoffMsMax: 4 });

busSuite('The in-process bus', open);

describe('The in-process bus', () => {
  it('takes a message only when every group has handled it', async () => {
    const bus = open();
    const order: string[] = [];
    let handled = () => {};
    const waiting = new Promise<void>((resolve) => {
      handled = resolve;
    });
    await bus.subscribe({
      type: 'thing.changed.v1',
      group: 'slow',
      handle: () => waiting.then(() => void order.push('handled')),
    });
    const published = bus.publish(busMessage()).then(() => order.push('published'));
    handled();
    await published;
    expect(order).toEqual(['handled', 'published']);
    await bus.close();
  });

  it('refuses what it could not deliver before it closed', async () => {
    const bus = open();
    await bus.subscribe({ type: 'thing.changed.v1', group: 'never', handle: () => Promise.reject(new Error('no')) });
    const refused = expect(bus.publish(busMessage())).rejects.toThrow(BusClosed);
    await bus.close();
    await refused;
    await expect(bus.publish(busMessage())).rejects.toThrow(BusClosed);
  });
});
