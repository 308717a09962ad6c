import { describe, expect, it } from 'vitest';
import { simulate } from './simulation/simulate.fixture.ts';

const RUNS = 2_000;
const FIRST_SEED = Number(process.env.SEED ?? 1);

describe('orders in any weather', () => {
  it(`end completed or compensated, with stock and money where they belong, in ${RUNS} seeded runs`, () => {
    const endings = { completed: 0, compensated: 0 };
    const reasons = new Set<string>();
    for (let seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed++) {
      const orders = runOf(seed);
      for (const { status, reason } of orders) {
        endings[status as 'completed']++;
        if (reason !== undefined) reasons.add(reason);
      }
    }
    // Weather that lets nothing through, or that harms nothing, would prove little.
    expect(endings.completed).toBeGreaterThan(RUNS / 4);
    expect(endings.compensated).toBeGreaterThan(RUNS / 4);
    expect([...reasons].sort()).toEqual([
      'cancelled',
      'capture-refused',
      'payment-declined',
      'payment-timeout',
      'payment-unavailable',
      'refunded',
      'stock-insufficient',
      'stock-lost',
      'stock-unavailable',
    ]);
  });

  it('are the same for the same seed', () => {
    expect(runOf(7)).toEqual(runOf(7));
  });
});

function runOf(seed: number) {
  try {
    return simulate(seed);
  } catch (error) {
    throw new Error(`Seed ${seed}: run it alone with SEED=${seed}.`, { cause: error });
  }
}
