import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DECLINES_MAX, decide, hasEnded, type Message, type Order, place } from './order.ts';

const intent = { id: 'intent-1', clientSecret: 'secret' };
const kinds = [
  'stock-reserved',
  'stock-committed',
  'stock-lost',
  'stock-released',
  'payment-unavailable',
  'payment-authorised',
  'payment-captured',
  'capture-refused',
  'payment-cancelled',
  'payment-refunded',
  'payment-due',
  'cancel',
  'ship',
  'complete',
] as const;

const anyMessage: fc.Arbitrary<Message> = fc.oneof(
  fc.constantFrom(...kinds).map((kind) => ({ kind })),
  fc
    .constantFrom('stock-insufficient', 'stock-unavailable')
    .map((reason) => ({ kind: 'stock-refused', reason }) as Message),
  fc.constant<Message>({ kind: 'payment-opened', intent }),
  fc.integer({ min: 1, max: 7 }).map((attempt) => ({ kind: 'payment-declined', attempt }) as Message),
  fc.boolean().map((restock) => ({ kind: 'refund', restock }) as Message),
);

const toShipped: readonly Message[] = [
  { kind: 'stock-reserved' },
  { kind: 'payment-opened', intent },
  { kind: 'payment-authorised' },
  { kind: 'stock-committed' },
  { kind: 'payment-captured' },
  { kind: 'ship' },
];

/** What an order becomes by messages, and all that it asked for on its way. */
function after(messages: readonly Message[], from: Order = place().order) {
  const asked: string[] = [];
  let order = from;
  for (const message of messages) {
    const decision = decide(order, message);
    order = decision.order;
    asked.push(
      ...decision.effects.map((effect) => ('timer' in effect ? `${effect.kind} ${effect.timer}` : effect.kind)),
    );
  }
  return { order, asked };
}

describe('an order', () => {
  it('is completed step by step, each asked for once the one before is done', () => {
    expect(place().effects).toEqual([{ kind: 'reserve-stock' }, { kind: 'set-timer', timer: 'payment-due' }]);
    const { order, asked } = after([...toShipped, { kind: 'complete' }]);
    expect(order).toMatchObject({ status: 'completed', stock: 'committed', payment: 'captured', reason: undefined });
    expect(asked).toEqual([
      'open-payment',
      'clear-timer payment-due',
      'commit-stock',
      'capture-payment',
      'set-timer completion',
      'clear-timer completion',
    ]);
  });

  it.each([
    ['while stock is asked for', 0, ['release-stock']],
    ['while the payment is being opened', 1, ['release-stock']],
    ['while it waits for the payment', 2, ['release-stock', 'cancel-payment']],
    ['while stock is being committed', 3, ['release-stock', 'cancel-payment']],
    ['while money is being captured', 4, ['release-stock', 'cancel-payment']],
    ['once the money is there', 5, ['release-stock', 'refund-payment']],
  ])('that is cancelled %s undoes exactly what was asked for', (_, steps, undone) => {
    const { order } = after(toShipped.slice(0, steps));
    expect(after([{ kind: 'cancel' }], order).asked).toEqual(['clear-timer payment-due', ...undone]);
  });

  it('that is cancelled while the payment is being opened cancels it as soon as its id is known', () => {
    const { order, asked } = after([
      { kind: 'stock-reserved' },
      { kind: 'cancel' },
      { kind: 'payment-opened', intent },
    ]);
    expect(asked.at(-1)).toBe('cancel-payment');
    expect(after([{ kind: 'stock-released' }, { kind: 'payment-cancelled' }], order).order.status).toBe('compensated');
  });

  it('whose capture was faster than its cancellation gives the money back', () => {
    const { asked, order } = after([...toShipped.slice(0, 4), { kind: 'cancel' }, { kind: 'payment-captured' }]);
    expect(asked.at(-1)).toBe('refund-payment');
    expect(after([{ kind: 'payment-refunded' }, { kind: 'stock-released' }], order).order).toMatchObject({
      status: 'compensated',
      reason: 'cancelled',
    });
  });

  it('counts each declined attempt once, and is given up after five', () => {
    const waiting = after(toShipped.slice(0, 2)).order;
    const twice = after(
      [1, 2, 2, 1].map((attempt) => ({ kind: 'payment-declined', attempt })),
      waiting,
    ).order;
    expect(twice).toMatchObject({ status: 'authorising', declines: 2 });
    const last = after([{ kind: 'payment-declined', attempt: DECLINES_MAX }], twice).order;
    expect(last).toMatchObject({ status: 'compensating', reason: 'payment-declined' });
  });

  it('that has left is refunded with or without the goods coming back', () => {
    const shipped = after(toShipped).order;
    expect(after([{ kind: 'refund', restock: true }], shipped).asked).toEqual([
      'clear-timer completion',
      'release-stock',
      'refund-payment',
    ]);
    const { order, asked } = after([{ kind: 'refund', restock: false }, { kind: 'payment-refunded' }], shipped);
    expect(asked).toEqual(['clear-timer completion', 'refund-payment']);
    expect(order).toMatchObject({ status: 'compensated', stock: 'written-off' });
  });

  it('refunded at the provider, past us, is compensated; goods that have left are written off', () => {
    const refunded: Message = { kind: 'payment-refunded' };
    expect(after([...toShipped, refunded]).order).toMatchObject({ status: 'compensated', stock: 'written-off' });
    expect(after([...toShipped.slice(0, 5), refunded]).asked.at(-1)).toBe('release-stock');
  });
});

describe('any messages in any order', () => {
  it('change nothing when they come a second time', () => {
    fc.assert(
      fc.property(fc.array(anyMessage, { maxLength: 15 }), anyMessage, (before, message) => {
        const { order } = decide(after(before).order, message);
        expect(decide(order, message)).toEqual({ order, effects: [] });
      }),
      { numRuns: 2_000 },
    );
  });

  it('never move an order that has ended', () => {
    fc.assert(
      fc.property(fc.array(anyMessage, { maxLength: 8 }), anyMessage, (before, message) => {
        for (const end of [after([...toShipped, { kind: 'complete' }]), after([...toShipped, ...before])]) {
          if (hasEnded(end.order)) expect(decide(end.order, message).order).toBe(end.order);
        }
      }),
      { numRuns: 500 },
    );
  });
});
