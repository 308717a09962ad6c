import { ROWS_MAX, RowScorer } from '../kernels/row-scorer.ts';
import { SpdInverse } from '../kernels/spd-inverse.ts';
import type { ThreadPool } from '../kernels/thread-pool.ts';
import { checkRankingData } from './check-ranking-data.ts';
import type { Packed } from './codec.ts';
import { Gram } from './gram.ts';
import { type MostTakenSettings, mostTaken, placesOf } from './most-taken.ts';
import type { History, RankingData, RankingModel } from './ranking.ts';
import { relativePopularity } from './relative-popularity.ts';
import { salesTrend } from './trend.ts';
import { historyRow, type RowSettings, userItemRows } from './user-item-rows.ts';

export interface EaseSettings extends RowSettings, MostTakenSettings {
  /** Added to the Gram matrix's diagonal, at the item of mean popularity; larger trusts the data less. */
  readonly regularisation?: number;
  /** It grows with an item's popularity, its place in the Gram matrix's diagonal, to this power: 0 is one for all, 1 is dropout's. */
  readonly regularisationPower?: number;
  /** Scores are divided by the item's popularity to this power. */
  readonly popularityPower?: number;
  /** Scores are multiplied by the sales trend to this power. */
  readonly trendPower?: number;
}

/**
 * Scores items by a linear map of what the user took, whose weights foretell each item from all others: row by item taken, column by item
 * scored, the trend already in it. Items that too few took have no place in the map: they say nothing and score 0.
 */
export class Ease implements RankingModel {
  readonly itemCount: number;
  readonly #scorer: RowScorer;
  readonly #kept: Int32Array;
  readonly #places: Int32Array;
  readonly #row: RowSettings;
  readonly #sums: Float32Array;

  /** @param kept items of the map's rows and columns, ascending. */
  constructor(scorer: RowScorer, { itemCount, kept, row }: { itemCount: number; kept: Int32Array; row: RowSettings }) {
    this.itemCount = itemCount;
    this.#scorer = scorer;
    this.#kept = kept;
    this.#places = placesOf(kept, itemCount);
    this.#row = row;
    this.#sums = new Float32Array(kept.length);
  }

  /** Sums the rows of the newest {@link ROWS_MAX} items taken. */
  score(history: History, nowMs: number, scores: Float32Array): void {
    const kept = this.#kept;
    const sums = this.#sums;
    const row = historyRow(newest(history), this.#row, { nowMs, itemCount: kept.length, places: this.#places });
    if (kept.length === this.itemCount) {
      this.#scorer.score(row, scores);
      return;
    }
    this.#scorer.score(row, sums);
    scores.fill(0);
    for (let at = 0; at < kept.length; at++) scores[kept[at]!] = sums[at]!;
  }

  /** How much having taken `item` speaks for `other`. */
  similarity(item: number, other: number): number {
    const [from, to] = [this.#places[item]!, this.#places[other]!];
    return from < 0 || to < 0 ? 0 : this.#scorer.at(from, to);
  }

  /** Which of some items speaks most for another; −1 where none does. */
  speaker(items: Int32Array, other: number): number {
    const to = this.#places[other]!;
    let speaker = -1;
    let most = 0;
    for (let at = 0; to >= 0 && at < items.length; at++) {
      const from = this.#places[items[at]!] ?? -1;
      const says = from < 0 ? 0 : this.#scorer.at(from, to);
      if (says <= most) continue;
      most = says;
      speaker = items[at]!;
    }
    return speaker;
  }

  pack(): Packed {
    const { steps, scales } = this.#scorer;
    return { settings: { itemCount: this.itemCount, row: this.#row }, columns: { kept: this.#kept, steps, scales } };
  }

  static unpack({ settings, columns }: Packed): Ease {
    const { itemCount, row } = settings as { itemCount: number; row: RowSettings };
    const kept = columns.kept as Int32Array;
    const scorer = new RowScorer(kept.length, kept.length);
    scorer.steps.set(columns.steps as Int16Array);
    scorer.scales.set(columns.scales as Float32Array);
    return new Ease(scorer, { itemCount, kept, row });
  }
}

/**
 * B = I − P · diag(1 / P), P = (XᵀX + Λ)⁻¹, diagonal zero. O(n³) for n items kept, 8 n² bytes while it trains. Source: Steck 2019 (EASE); a
 * regularisation that grows with popularity: Steck 2020 (autoencoders that don't overfit towards the identity).
 *
 * @throws RangeError when more items are kept than one memory holds the square of, about 32,000.
 */
export function trainEase(
  data: RankingData,
  {
    regularisation = 20,
    regularisationPower = 0,
    popularityPower = 0,
    trendPower = 0,
    takersMin,
    itemsMax,
    ...row
  }: EaseSettings,
  { nowMs, pool, signal }: { readonly nowMs: number; readonly pool?: ThreadPool; readonly signal?: AbortSignal },
): Ease {
  checkRankingData(data);
  const kept = mostTaken(data, { takersMin, itemsMax });
  const places = placesOf(kept, data.itemCount);
  const n = kept.length;
  const inverse = new SpdInverse(n);
  const { matrix, stride } = inverse;
  const mapped = { ...data, itemCount: n, items: data.items.map((item) => places[item]!) };
  const gram = new Gram(userItemRows(mapped, row, nowMs), n);
  for (let item = 0; item < n; item++) {
    gram.addRow(item, matrix.subarray(item * stride, item * stride + item + 1));
  }
  const popularity = relativePopularity(Float32Array.from(kept, (_, place) => matrix[place * stride + place]!));
  for (let item = 0; item < n; item++) {
    matrix[item * stride + item]! += regularisation * popularity[item]! ** regularisationPower;
  }
  inverse.invert({ pool, signal });
  const trend = salesTrend(data, nowMs);
  const factor = Float32Array.from(
    kept,
    (item, place) =>
      -(trend[item]! ** trendPower) / (popularity[place]! ** popularityPower * matrix[place * stride + place]!),
  );
  const scorer = new RowScorer(n, n);
  const weights = new Float32Array(n);
  for (let from = 0; from < n; from++) {
    for (let to = 0; to < n; to++) weights[to] = matrix[from * stride + to]! * factor[to]!;
    weights[from] = 0;
    scorer.setRow(from, weights);
  }
  return new Ease(scorer, { itemCount: data.itemCount, kept, row });
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
