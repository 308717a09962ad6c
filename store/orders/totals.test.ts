import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countries } from './countries.ts';
import { TOTAL_MINOR_MAX, type Totals, totals } from './totals.ts';

const line = (amountMinor: number, quantity = 1, currency = 'EUR') => ({
  quantity,
  unitPrice: { amountMinor, currency },
});

describe('what an order costs', () => {
  it.each([
    [
      'the tax of the country it goes to, shipping included',
      [line(1999, 2)],
      'DE',
      { goodsMinor: 3998, shippingMinor: 490, taxMinor: 717, totalMinor: 4488 },
    ],
    [
      'no shipping once there are enough goods',
      [line(5000)],
      'DE',
      { shippingMinor: 0, taxMinor: 798, totalMinor: 5000 },
    ],
    ['shipping one minor unit below that', [line(4999)], 'DE', { shippingMinor: 490, totalMinor: 5489 }],
    ['no tax when it leaves the tax area', [line(1000)], 'US', { taxMinor: 0, shippingMinor: 1490, totalMinor: 2490 }],
    [
      'rates of its own in another currency',
      [line(1000, 1, 'GBP')],
      'GB',
      { currency: 'GBP', shippingMinor: 395, taxMinor: 233 },
    ],
    // 6000 at 20 % holds exactly 1000; 6003 holds 1000.5, which goes up.
    ['an exact tax', [line(6000)], 'FR', { taxMinor: 1000 }],
    ['half a minor unit of tax rounded up', [line(6003)], 'FR', { taxMinor: 1001 }],
  ])('has %s', (_, lines, country, expected) => {
    expect(totals(lines, country)).toMatchObject(expected);
  });

  it.each([
    ['country-not-served', [line(1)], 'AQ'],
    ['country-not-served', [line(1)], 'constructor'],
    ['currency-not-served', [line(1, 1, 'XAU')], 'DE'],
    ['currencies-mixed', [line(1), line(1, 1, 'GBP')], 'DE'],
    ['total-too-large', [line(TOTAL_MINOR_MAX), line(1)], 'DE'],
    ['total-too-large', Array(100).fill(line(1e12, 999)), 'DE'],
  ])('is refused as %s', (fault, lines, country) => {
    expect(totals(lines, country)).toBe(fault);
  });

  it('adds up, whatever is bought, and its tax is the exact share within half a minor unit', () => {
    const lines = fc.array(
      fc.record({ amount: fc.integer({ min: 0, max: 1e7 }), quantity: fc.integer({ min: 1, max: 99 }) }),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(lines, fc.constantFrom(...Object.keys(countries)), (bought, country) => {
        const sum = totals(
          bought.map(({ amount, quantity }) => line(amount, quantity)),
          country,
        ) as Totals;
        expect(sum.goodsMinor + sum.shippingMinor).toBe(sum.totalMinor);
        const whole = BigInt(10_000 + sum.taxBasisPoints);
        const twiceOff = 2n * (BigInt(sum.taxMinor) * whole - BigInt(sum.totalMinor) * BigInt(sum.taxBasisPoints));
        expect(twiceOff > -whole && twiceOff <= whole).toBe(true);
      }),
    );
  });
});
