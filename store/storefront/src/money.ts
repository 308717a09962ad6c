import type { Product } from './api.ts';

const formats = new Map<string, Intl.NumberFormat>();

/** `€19.99` from 1999 minor units of EUR; currencies without minor units too. */
export function money({ amountMinor, currency }: Product['price']): string {
  let format = formats.get(currency);
  if (!format) {
    format = new Intl.NumberFormat(navigator.language, { style: 'currency', currency });
    formats.set(currency, format);
  }
  return format.format(amountMinor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}
