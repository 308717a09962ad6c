import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BusMessage } from '../contract/event.ts';
import type { Bus } from './bus.ts';

let sequence = 0;

/** A message that no other test sends. */
export function busMessage(fields: Partial<BusMessage> = {}): BusMessage {
  sequence++;
  return {
    id: `message-${sequence}`,
    type: 'thing.changed.v1',
    key: 'a',
    source: 'suite',
    atMs: 1_700_000_000_000 + sequence,
    payload: { sequence },
    ...fields,
  };
}

/** What every bus must do. `open` gives a fresh, empty bus whose second delivery comes within a second. */
export function busSuite(name: string, open: () => Promise<Bus> | Bus): void {
  describe(`${name}, as a bus`, () => {
    let bus: Bus;
    beforeEach(async () => {
      bus = await open();
    });
    afterEach(() => bus.close());

    it('delivers a message whole to its type’s subscribers and to no others', async () => {
      const taken: BusMessage[] = [];
      const others: BusMessage[] = [];
      await subscribe(bus, { group: 'one', handle: async (message) => void taken.push(message) });
      await bus.subscribe({
        type: 'other.changed.v1',
        group: 'one',
        handle: async (message) => void others.push(message),
      });
      const sent = busMessage({ traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' });
      await bus.publish(sent);
      await until(() => taken.length === 1);
      expect(taken).toEqual([sent]);
      expect(others).toEqual([]);
    });

    it('gives each group each message and shares it among the group’s members', async () => {
      const seen: Record<string, string[]> = { a: [], b: [] };
      for (const group of ['a', 'a', 'b'])
        await subscribe(bus, { group, handle: async ({ id }) => void seen[group]!.push(id) });
      const sent = Array.from({ length: 20 }, (_, index) => busMessage({ key: `key-${index}` }));
      await Promise.all(sent.map((message) => bus.publish(message)));
      await until(() => seen.a!.length === 20 && seen.b!.length === 20);
      const ids = sent.map(({ id }) => id).sort();
      expect(seen.a!.toSorted()).toEqual(ids);
      expect(seen.b!.toSorted()).toEqual(ids);
    });

    it('keeps the order of a key, however long each delivery takes', async () => {
      const taken: number[] = [];
      await subscribe(bus, {
        group: 'slow',
        async handle({ payload }) {
          const { turn } = payload as { turn: number };
          await sleep(turn % 3 === 0 ? 8 : 1);
          taken.push(turn);
        },
      });
      await Promise.all(Array.from({ length: 12 }, (_, turn) => bus.publish(busMessage({ payload: { turn } }))));
      await until(() => taken.length === 12);
      expect(taken).toEqual(Array.from({ length: 12 }, (_, turn) => turn));
    });

    it('delivers again until handled, before what came later under the key', async () => {
      const taken: string[] = [];
      let failuresLeft = 2;
      await subscribe(bus, {
        group: 'flaky',
        async handle({ id }) {
          taken.push(id);
          if (failuresLeft-- > 0) throw new Error('not yet');
        },
      });
      const [first, second] = [busMessage(), busMessage()];
      await Promise.all([bus.publish(first), bus.publish(second)]);
      await until(() => taken.length === 4);
      expect(taken).toEqual([first.id, first.id, first.id, second.id]);
    });

    it('does not hold up other keys behind one that fails', async () => {
      const taken: string[] = [];
      await subscribe(bus, {
        group: 'stuck',
        async handle({ key }) {
          if (key === 'bad') throw new Error('never');
          taken.push(key);
        },
      });
      const stuck = bus.publish(busMessage({ key: 'bad' })).catch(() => undefined);
      void bus.publish(busMessage({ key: 'good' })).catch(() => undefined);
      await until(() => taken.length === 1);
      expect(taken).toEqual(['good']);
      await bus.close();
      await stuck;
    });

    it('delivers nothing more to a member that has left', async () => {
      const taken: string[] = [];
      const leaving = await subscribe(bus, { group: 'g', handle: async () => void taken.push('leaving') });
      await subscribe(bus, { group: 'g', handle: async () => void taken.push('staying') });
      await leaving.close();
      for (let index = 0; index < 4; index++) await bus.publish(busMessage({ key: `key-${index}` }));
      await until(() => taken.length === 4);
      expect(taken).toEqual(['staying', 'staying', 'staying', 'staying']);
    });
  });
}

function subscribe(bus: Bus, subscription: { group: string; handle(message: BusMessage): Promise<void> }) {
  return bus.subscribe({ type: 'thing.changed.v1', ...subscription });
}

/** Waits for what a bus brings about in its own time; the test's limit ends it. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(2);
}
