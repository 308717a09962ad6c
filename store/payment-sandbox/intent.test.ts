import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  answerChallenge,
  type Change,
  cancel,
  capture,
  confirm,
  type KeptIntent,
  refund,
  settle,
  shown,
} from './intent.ts';
import { behaviourOf, isCardNumber, testCards } from './test-cards.ts';

const fresh: KeptIntent = {
  id: 'intent-1',
  status: 'requires-card',
  amountMinor: 1999,
  currency: 'EUR',
  reference: 'order-1',
  attempts: 0,
  card: null,
  lastDecline: null,
  nextAction: null,
  createdAtMs: 0,
  clientSecret: 'secret',
  behaviour: null,
};

const pay = (number: string, intent = fresh) => confirm(intent, { number, challengeUrl: '/challenge' })!;
const types = ({ tells }: Change) => tells.map(({ type }) => type);

describe('a card', () => {
  it('that is good is authorised, captured and refunded, each once', () => {
    const authorised = pay('4242424242424242');
    expect(types(authorised)).toEqual(['intent.authorised']);
    const captured = capture(authorised.intent)!;
    expect(types(captured)).toEqual(['intent.captured']);
    expect(capture(captured.intent)).toEqual({ intent: captured.intent, tells: [] });
    const refunded = refund(captured.intent)!;
    expect(types(refunded)).toEqual(['intent.refunded']);
    expect(refund(refunded.intent)).toEqual({ intent: refunded.intent, tells: [] });
    expect(capture(refunded.intent)).toBeUndefined();
  });

  it('that is declined says why and leaves room for another', () => {
    const { intent } = pay('4000000000009995');
    expect(intent).toMatchObject({ status: 'requires-card', lastDecline: 'insufficient-funds', attempts: 1 });
    expect(pay('5555555555554444', intent).intent).toMatchObject({
      status: 'authorised',
      attempts: 2,
      lastDecline: null,
      card: { brand: 'mastercard', last4: '4444' },
    });
  });

  it('that needs 3-D Secure waits for the bank, which may refuse', () => {
    const { intent } = pay('4000002500003155');
    expect(intent).toMatchObject({ status: 'requires-action', nextAction: { challengeUrl: '/challenge' } });
    expect(answerChallenge(intent, true)?.intent).toMatchObject({ status: 'authorised', nextAction: null });
    expect(answerChallenge(intent, false)?.intent).toMatchObject({
      status: 'requires-card',
      lastDecline: 'authentication-failed',
    });
    expect(answerChallenge(pay('4000008400001629').intent, true)?.intent.lastDecline).toBe('generic-decline');
  });

  it('that is slow is authorised once the wait is over', () => {
    const { intent, tells } = pay('4000000000005019');
    expect([intent.status, tells]).toEqual(['processing', []]);
    expect(settle(intent)?.intent.status).toBe('authorised');
    expect(settle(fresh)).toBeUndefined();
  });

  it('whose webhooks come in the wrong order tells of its decline after its success', () => {
    const { intent, tells } = pay('4000000000005035');
    expect(intent.status).toBe('authorised');
    expect(tells.map(({ type, late = false }) => [type, late])).toEqual([
      ['intent.authorised', false],
      ['intent.declined', true],
    ]);
    expect(tells[1]?.intent.status).toBe('requires-card');
  });

  it('that is real is declined', () => {
    expect(pay('4111111111111111').intent.lastDecline).toBe('no-test-card');
  });
});

describe('an intent', () => {
  it('can be cancelled until it is captured, and not paid afterwards', () => {
    const cancelled = cancel(pay('4242424242424242').intent)!;
    expect(types(cancelled)).toEqual(['intent.cancelled']);
    expect(cancel(cancelled.intent)).toEqual({ intent: cancelled.intent, tells: [] });
    expect(confirm(cancelled.intent, { number: '4242424242424242', challengeUrl: '/' })).toBeUndefined();
    expect(capture(cancelled.intent)).toBeUndefined();
    expect(cancel(capture(pay('4242424242424242').intent)!.intent)).toBeUndefined();
  });

  it('shows neither its secret nor what its card will do', () => {
    expect(JSON.stringify(shown(pay('4000002500003155').intent))).not.toMatch(/secret|behaviour|400000250000/);
  });

  it('is captured once at most and refunded only then, whatever is tried', () => {
    const step = fc.oneof(
      fc.constantFrom(...testCards).map(
        ({ number }) =>
          (from: KeptIntent) =>
            confirm(from, { number, challengeUrl: '/' }),
      ),
      fc.boolean().map((approved) => (from: KeptIntent) => answerChallenge(from, approved)),
      fc.constantFrom(settle, capture, cancel, refund),
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), (steps) => {
        let intent = fresh;
        const told: string[] = [];
        for (const take of steps) {
          const change = take(intent);
          if (change === undefined) continue;
          intent = change.intent;
          told.push(...types(change));
        }
        const times = (type: string) => told.filter((one) => one === type).length;
        expect(times('intent.captured')).toBeLessThanOrEqual(1);
        expect(times('intent.refunded')).toBeLessThanOrEqual(times('intent.captured'));
        expect(times('intent.cancelled') + times('intent.captured')).toBeLessThanOrEqual(1);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('test cards', () => {
  it('are well-formed numbers, each another, that do what they say', () => {
    expect(new Set(testCards.map(({ number }) => number)).size).toBe(testCards.length);
    for (const { number } of testCards) expect(isCardNumber(number)).toBe(true);
    expect(isCardNumber('4242424242424241')).toBe(false);
    expect(behaviourOf('4000000000000002')).toMatchObject({ decline: 'generic-decline' });
  });
});
