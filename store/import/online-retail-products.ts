import { categoryOf, themesOf } from './gift-categories.ts';
import { type InvoiceLine, isProductCode } from './online-retail-row.ts';
import type { ImportedProduct } from './write-batches.ts';

const DAY_MS = 86_400_000;
const STOCK_DAYS = 30;

/** Gathers products from the lines that sold them: title, price, and what was sold of late. */
export function productGatherer() {
  const codes = new Map<string, Gathered>();
  let lastMs = 0;
  return {
    /** Takes a sale, to guests too; leaves alone what is none. */
    add(line: InvoiceLine): void {
      if (!isProductCode(line.code) || line.quantity <= 0 || line.unitPrice <= 0) return;
      const gathered = codes.get(line.code) ?? newGathered();
      codes.set(line.code, gathered);
      lastMs = Math.max(lastMs, line.atMs);
      increment(gathered.titles, line.description);
      increment(gathered.pricesMinor, Math.round(line.unitPrice * 100));
      gathered.sales.push(line.atMs, line.quantity);
    },
    products: (): ImportedProduct[] => [...codes].map(([code, gathered]) => productFrom(code, gathered, lastMs)),
  };
}

interface Gathered {
  readonly titles: Map<string, number>;
  readonly pricesMinor: Map<number, number>;
  /** Time and quantity in turn. */
  readonly sales: number[];
}

function newGathered(): Gathered {
  return { titles: new Map(), pricesMinor: new Map(), sales: [] };
}

function productFrom(code: string, { titles, pricesMinor, sales }: Gathered, lastMs: number): ImportedProduct {
  const title = titleOf(titles) ?? `Product ${code}`;
  return {
    id: code,
    title,
    price: { amountMinor: Math.max(1, weightedMedian(pricesMinor)), currency: 'GBP' },
    categories: [categoryOf(title)],
    tags: themesOf(title),
    stock: soldSince(sales, lastMs - STOCK_DAYS * DAY_MS),
  };
}

/** The most frequent description. The shop writes titles in capitals, so that those come before notes in lower case such as "found". */
function titleOf(descriptions: ReadonlyMap<string, number>): string | undefined {
  const shouted = mostFrequent(descriptions, (text) => /[A-Z]{2}/.test(text) && !/\?|^[a-z]/.test(text));
  if (shouted !== undefined) return inTitleCase(shouted);
  return mostFrequent(descriptions, (text) => /^\W*[A-Z\d]/.test(text))?.replace(/^\W+/, '');
}

function mostFrequent(counts: ReadonlyMap<string, number>, isFit: (text: string) => boolean): string | undefined {
  let best: string | undefined;
  for (const [text, count] of counts) {
    if (isFit(text) && count > (best === undefined ? 0 : (counts.get(best) ?? 0))) best = text;
  }
  return best;
}

function inTitleCase(shouted: string): string {
  const words = shouted
    .replace(/\s+/g, ' ')
    .replace(/\s*[,.]+\s*$/, '')
    .trim()
    .slice(0, 300)
    .toLowerCase();
  return words.replace(
    /(^|[\s\-/(&+"])(\p{L})/gu,
    (_, before: string, letter: string) => before + letter.toUpperCase(),
  );
}

function weightedMedian(counts: ReadonlyMap<number, number>): number {
  const sorted = [...counts].sort(([a], [b]) => a - b);
  let left = sorted.reduce((sum, [, count]) => sum + count, 0) / 2;
  for (const [value, count] of sorted) {
    left -= count;
    if (left <= 0) return value;
  }
  throw new RangeError('No median of nothing');
}

function soldSince(sales: readonly number[], sinceMs: number): number {
  let sold = 0;
  for (let i = 0; i < sales.length; i += 2) if ((sales[i] as number) > sinceMs) sold += sales[i + 1] as number;
  return sold;
}

function increment<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
