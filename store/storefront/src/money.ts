import type { Product } from './api.ts';

const formats = new Map<string, Intl.NumberFormat>();

/** `€19.99` from 1999 minor units of EUR; currencies without minor units too. */
export function money(price: Product['price']): string {
  return formatOf(price.currency).format(majorUnits(price));
}

export function majorUnits({ amountMinor, currency }: Product['price']): number {
  return amountMinor / 10 ** (formatOf(currency).resolvedOptions().maximumFractionDigits ?? 2);
}

/** The other way round, rounded to the smallest unit. */
export function minorUnits(amount: number, currency: string): number {
  return Math.round(amount * 10 ** (formatOf(currency).resolvedOptions().maximumFractionDigits ?? 2));
}

function formatOf(currency: string): Intl.NumberFormat {
  let format = formats.get(currency);
  if (!format) {
    format = new Intl.NumberFormat(navigator.language, { style: 'currency', currency });
    formats.set(currency, format);
  }
  return format;
}
