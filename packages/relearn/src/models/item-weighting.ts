import type { UserItemRows } from './user-item-rows.ts';

/**
 * What a user's deed says of an item, before items are compared: as it is (`cosine`); less where the user takes many (`tf-idf`); less, too, where the item
 * is taken by many and where it is said again (`bm25`, whose products are not divided by lengths).
 */
export type ItemWeighting = 'cosine' | 'tf-idf' | 'bm25';

/** Robertson & Zaragoza 2009: how soon saying it again adds nothing, and how much an item's many takers count against it. */
const K1 = 1.2;
const B = 0.75;

/**
 * Rows weighed anew, items as documents and users as their terms. A user's idf is `ln(1 + items / items of theirs)`. O(entries).
 * Sources: Salton & Buckley 1988 (tf-idf), Robertson & Zaragoza 2009 (BM25).
 */
export function weighedRows(rows: UserItemRows, weighting: ItemWeighting, itemCount: number): UserItemRows {
  if (weighting === 'cosine') return rows;
  const { start, items } = rows;
  const lengths = itemLengths(rows, itemCount);
  const weights = rows.weights.slice();
  for (let user = 0; user + 1 < start.length; user++) {
    const [from, to] = [start[user]!, start[user + 1]!];
    const idf = Math.log1p(itemCount / (to - from));
    for (let at = from; at < to; at++) {
      const tf = weights[at]!;
      weights[at] =
        idf * (weighting === 'tf-idf' ? tf : (tf * (K1 + 1)) / (tf + K1 * (1 - B + B * lengths[items[at]!]!)));
    }
  }
  return { start, items, weights };
}

/** What was said of each item in all, over the mean of those that anything was said of. */
function itemLengths({ items, weights }: UserItemRows, itemCount: number): Float64Array {
  const sums = new Float64Array(itemCount);
  for (let at = 0; at < items.length; at++) sums[items[at]!]! += weights[at]!;
  const taken = sums.filter((sum) => sum > 0);
  const mean = taken.reduce((total, sum) => total + sum, 0) / Math.max(1, taken.length);
  return sums.map((sum) => sum / (mean || 1));
}
