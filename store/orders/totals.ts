import { countries, shipping } from './countries.ts';

/** What is paid, in minor units of one currency: `goodsMinor + shippingMinor = totalMinor`, and `taxMinor` is contained in it. */
export interface Totals {
  readonly currency: string;
  readonly goodsMinor: number;
  readonly shippingMinor: number;
  readonly taxMinor: number;
  /** Hundredths of a percent: 1900 is 19 %. */
  readonly taxBasisPoints: number;
  readonly totalMinor: number;
}

export type TotalsFault = 'country-not-served' | 'currency-not-served' | 'currencies-mixed' | 'total-too-large';

export interface PricedLine {
  readonly quantity: number;
  readonly unitPrice: { readonly amountMinor: number; readonly currency: string };
}

/** A thousand million in units of two decimals; products of it with a tax rate stay exact. */
export const TOTAL_MINOR_MAX = 100_000_000_000;

/**
 * What an order costs, or why it cannot be sold.
 *
 * Prices and fees include the tax of wherever they go: what the shopper saw is what is paid. Shipping is taxed as the goods are. The tax contained is
 * rounded once for the whole order, half a minor unit up: rounding each line would make the sum depend on how goods are split into lines.
 */
export function totals(lines: readonly PricedLine[], country: string): Totals | TotalsFault {
  const destination = Object.hasOwn(countries, country) ? countries[country] : undefined;
  if (destination === undefined) return 'country-not-served';
  const currency = lines[0]?.unitPrice.currency ?? '';
  if (lines.some(({ unitPrice }) => unitPrice.currency !== currency)) return 'currencies-mixed';
  const rate = Object.hasOwn(shipping, currency) ? shipping[currency]?.[destination.zone] : undefined;
  if (rate === undefined) return 'currency-not-served';
  const goodsMinor = lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice.amountMinor, 0);
  if (goodsMinor > TOTAL_MINOR_MAX) return 'total-too-large';
  const shippingMinor = goodsMinor >= rate.freeFromMinor ? 0 : rate.feeMinor;
  const totalMinor = goodsMinor + shippingMinor;
  const { taxBasisPoints } = destination;
  return {
    currency,
    goodsMinor,
    shippingMinor,
    taxMinor: taxWithin(totalMinor, taxBasisPoints),
    taxBasisPoints,
    totalMinor,
  };
}

/** The part of a sum with tax that is the tax; halves go up. Exact: whole numbers alone, below 2^53. */
function taxWithin(grossMinor: number, basisPoints: number): number {
  const whole = 10_000 + basisPoints;
  return Math.floor((2 * grossMinor * basisPoints + whole) / (2 * whole));
}
