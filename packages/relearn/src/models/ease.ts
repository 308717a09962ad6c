import { invertSpdReference } from '../kernels/spd-inverse-reference.ts';
import type { Packed } from './codec.ts';
import { gram } from './gram.ts';
import type { History, RankingData, RankingModel } from './ranking.ts';
import { salesTrend } from './trend.ts';
import { historyRow, type RowSettings, userItemRows } from './user-item-rows.ts';

export interface EaseSettings extends RowSettings {
  /** Added to the Gram matrix's diagonal; larger trusts the data less. */
  readonly regularisation?: number;
  /** Scores are multiplied by the sales trend to this power. */
  readonly trendPower?: number;
}

/**
 * Scores items by a linear map of what the user took, whose weights B foretell each item from all others. `weights` is f32 row-major, shape
 * (itemCount, itemCount), from the item taken to the item scored, the trend already in it.
 */
export class Ease implements RankingModel {
  readonly itemCount: number;
  readonly #weights: Float32Array;
  readonly #row: RowSettings;

  constructor(itemCount: number, weights: Float32Array, row: RowSettings) {
    this.itemCount = itemCount;
    this.#weights = weights;
    this.#row = row;
  }

  score(history: History, nowMs: number, scores: Float32Array): void {
    scores.fill(0);
    for (const [item, weight] of historyRow(history, this.#row, nowMs)) this.addSimilar(item, weight, scores);
  }

  /** Adds `weight` times the row of `item`: O(itemCount). */
  addSimilar(item: number, weight: number, scores: Float32Array): void {
    const from = item * this.itemCount;
    for (let other = 0; other < this.itemCount; other++) scores[other]! += weight * this.#weights[from + other]!;
  }

  /** How much having taken `item` speaks for `other`. */
  similarity(item: number, other: number): number {
    return this.#weights[item * this.itemCount + other]!;
  }

  pack(): Packed {
    return { settings: { itemCount: this.itemCount, row: this.#row }, columns: { weights: this.#weights } };
  }

  static unpack({ settings, columns }: Packed): Ease {
    const { itemCount, row } = settings as { itemCount: number; row: RowSettings };
    return new Ease(itemCount, columns.weights as Float32Array, row);
  }
}

/**
 * B = I − P · diag(1 / P), P = (XᵀX + λI)⁻¹, diagonal zero. O(items³), 8 n² + 4 n² bytes while it trains. Source: Steck 2019 (EASE).
 *
 * @throws RangeError when the matrix would take more than `bytesMax` (8 GiB).
 */
export function trainEase(
  data: RankingData,
  { regularisation = 20, trendPower = 0, ...row }: EaseSettings,
  { nowMs }: { readonly nowMs: number },
): Ease {
  const { itemCount: n } = data;
  const inverse = gram(userItemRows(data, row, nowMs), n);
  for (let item = 0; item < n; item++) inverse[item * n + item]! += regularisation;
  invertSpdReference(inverse, n);
  const trend = salesTrend(data, nowMs).map((value) => value ** trendPower);
  const weights = new Float32Array(n * n);
  for (let from = 0; from < n; from++) {
    for (let to = 0; to < n; to++) {
      if (from !== to) weights[from * n + to] = (-inverse[from * n + to]! / inverse[to * n + to]!) * trend[to]!;
    }
  }
  return new Ease(n, weights, row);
}
