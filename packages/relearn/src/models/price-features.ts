import type { CandidateFeatures, RankingQuestion } from './candidate-features.ts';
import type { Packed } from './codec.ts';
import type { RankingData } from './ranking.ts';

/** What an item costs, beside what it used to cost and what the user's items cost: natural logarithms of prices, NaN where none is known. */
export class PriceFeatures implements CandidateFeatures {
  readonly names = ['price', 'price over usual', 'price of own items', 'price over that of own items'];
  /** Newest price of each item, and the mean of all, ln; f32, shape (itemCount). */
  readonly #newest: Float32Array;
  readonly #usual: Float32Array;

  constructor(newest: Float32Array, usual: Float32Array) {
    this.#newest = newest;
    this.#usual = usual;
  }

  write(
    { history }: RankingQuestion,
    candidates: Int32Array,
    rows: Float32Array,
    stride: number,
    column: number,
  ): void {
    const own = this.#priceOfOwn(history.items);
    for (const [at, item] of candidates.entries()) {
      const to = at * stride + column;
      const price = this.#newest[item]!;
      rows[to] = price;
      rows[to + 1] = price - this.#usual[item]!;
      rows[to + 2] = own;
      rows[to + 3] = price - own;
    }
  }

  #priceOfOwn(items: Int32Array): number {
    let [sum, count] = [0, 0];
    for (const item of items) {
      const price = this.#newest[item] ?? Number.NaN;
      if (Number.isNaN(price)) continue;
      sum += price;
      count++;
    }
    return sum / count;
  }

  pack(): Packed {
    return { settings: {}, columns: { newest: this.#newest, usual: this.#usual } };
  }

  static unpack({ columns: { newest, usual } }: Packed): PriceFeatures {
    return new PriceFeatures(newest as Float32Array, usual as Float32Array);
  }
}

/**
 * O(rows).
 *
 * @param prices of one of the item, each row's, above 0; NaN where none is known.
 */
export function trainPriceFeatures({ itemCount, items, atMs }: RankingData, prices: Float32Array): PriceFeatures {
  const newest = new Float32Array(itemCount).fill(Number.NaN);
  const newestAtMs = new Float64Array(itemCount).fill(Number.NEGATIVE_INFINITY);
  const [sums, counts] = [new Float64Array(itemCount), new Float64Array(itemCount)];
  for (const [row, item] of items.entries()) {
    const price = Math.log(prices[row]!);
    if (Number.isNaN(price)) continue;
    sums[item]! += price;
    counts[item]!++;
    if (atMs[row]! < newestAtMs[item]!) continue;
    newestAtMs[item] = atMs[row]!;
    newest[item] = price;
  }
  return new PriceFeatures(
    newest,
    Float32Array.from(sums, (sum, item) => sum / counts[item]!),
  );
}
