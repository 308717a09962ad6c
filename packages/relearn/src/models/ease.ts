import { ROWS_MAX, RowScorer } from '../kernels/row-scorer.ts';
import { SpdInverse } from '../kernels/spd-inverse.ts';
import type { ThreadPool } from '../kernels/thread-pool.ts';
import type { Packed } from './codec.ts';
import { Gram } from './gram.ts';
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
 * Scores items by a linear map of what the user took, whose weights foretell each item from all others: row by item taken, column by item
 * scored, the trend already in it.
 */
export class Ease implements RankingModel {
  readonly itemCount: number;
  readonly #scorer: RowScorer;
  readonly #row: RowSettings;

  constructor(scorer: RowScorer, itemCount: number, row: RowSettings) {
    this.itemCount = itemCount;
    this.#scorer = scorer;
    this.#row = row;
  }

  /** Sums the rows of the newest {@link ROWS_MAX} items taken. */
  score(history: History, nowMs: number, scores: Float32Array): void {
    const { itemCount } = this;
    this.#scorer.score(historyRow(newest(history), this.#row, { nowMs, itemCount }), scores);
  }

  /** How much having taken `item` speaks for `other`. */
  similarity(item: number, other: number): number {
    return this.#scorer.at(item, other);
  }

  pack(): Packed {
    const { steps, scales } = this.#scorer;
    return { settings: { itemCount: this.itemCount, row: this.#row }, columns: { steps, scales } };
  }

  static unpack({ settings, columns }: Packed): Ease {
    const { itemCount, row } = settings as { itemCount: number; row: RowSettings };
    const scorer = new RowScorer(itemCount, itemCount);
    scorer.steps.set(columns.steps as Int16Array);
    scorer.scales.set(columns.scales as Float32Array);
    return new Ease(scorer, itemCount, row);
  }
}

/**
 * B = I − P · diag(1 / P), P = (XᵀX + λI)⁻¹, diagonal zero. O(items³), 8 n² bytes while it trains. Source: Steck 2019 (EASE).
 *
 * @throws RangeError when there are more items than one memory holds the square of, about 32,000.
 */
export function trainEase(
  data: RankingData,
  { regularisation = 20, trendPower = 0, ...row }: EaseSettings,
  { nowMs, pool, signal }: { readonly nowMs: number; readonly pool?: ThreadPool; readonly signal?: AbortSignal },
): Ease {
  const { itemCount: n } = data;
  const inverse = new SpdInverse(n);
  const { matrix, stride } = inverse;
  const gram = new Gram(userItemRows(data, row, nowMs), n);
  for (let item = 0; item < n; item++) {
    gram.addRow(item, matrix.subarray(item * stride, item * stride + item + 1));
    matrix[item * stride + item]! += regularisation;
  }
  inverse.invert({ pool, signal });
  const trend = salesTrend(data, nowMs).map((value) => value ** trendPower);
  const factor = trend.map((value, item) => -value / matrix[item * stride + item]!);
  const scorer = new RowScorer(n, n);
  const weights = new Float32Array(n);
  for (let from = 0; from < n; from++) {
    for (let to = 0; to < n; to++) weights[to] = matrix[from * stride + to]! * factor[to]!;
    weights[from] = 0;
    scorer.setRow(from, weights);
  }
  return new Ease(scorer, n, row);
}

function newest(history: History): History {
  const from = history.items.length - ROWS_MAX;
  if (from <= 0) return history;
  return {
    items: history.items.subarray(from),
    atMs: history.atMs.subarray(from),
    weights: history.weights.subarray(from),
  };
}
