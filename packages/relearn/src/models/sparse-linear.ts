import { localRidge } from '../kernels/local-ridge.ts';
import type { SparseRows } from '../kernels/sparse-rows.ts';
import type { ThreadPool } from '../kernels/thread-pool.ts';
import { checkRankingData } from './check-ranking-data.ts';
import type { Packed } from './codec.ts';
import type { History, RankingData, RankingModel } from './ranking.ts';
import { relativePopularity } from './relative-popularity.ts';
import { salesTrend } from './trend.ts';
import { historyRow, type RowSettings, userItemRows } from './user-item-rows.ts';

export interface SparseLinearSettings extends RowSettings {
  /** Items that each is foretold from; 300 unless said. */
  readonly neighbourCount?: number;
  /** Of their weights, how many are kept; all unless said. */
  readonly keptCount?: number;
  /** Added to the Gram matrix's diagonal, at the item of mean popularity; larger trusts the data less. */
  readonly regularisation?: number;
  /** It grows with an item's popularity, its place in the Gram matrix's diagonal, to this power. */
  readonly regularisationPower?: number;
  /** Scores are divided by the item's popularity to this power. */
  readonly popularityPower?: number;
  /** Scores are multiplied by the sales trend to this power. */
  readonly trendPower?: number;
}

/** Scores items by a sparse linear map of what the user took: rows by item taken, columns by item scored. */
export class SparseLinear implements RankingModel {
  readonly itemCount: number;
  readonly #map: SparseRows;
  readonly #row: RowSettings;

  constructor(map: SparseRows, row: RowSettings) {
    this.itemCount = map.start.length - 1;
    this.#map = map;
    this.#row = row;
  }

  score(history: History, nowMs: number, scores: Float32Array): void {
    scores.fill(0);
    const { start, items, weights } = this.#map;
    const row = historyRow(history, this.#row, { nowMs, itemCount: this.itemCount });
    for (let taken = 0; taken < row.rows.length; taken++) {
      const weight = row.weights[taken]!;
      const end = start[row.rows[taken]! + 1]!;
      for (let at = start[row.rows[taken]!]!; at < end; at++) scores[items[at]!]! += weight * weights[at]!;
    }
  }

  pack(): Packed {
    const { start, items, weights } = this.#map;
    return { settings: { row: this.#row }, columns: { start, items, weights } };
  }

  static unpack({ settings, columns }: Packed): SparseLinear {
    return new SparseLinear(columns as unknown as SparseRows, settings.row as RowSettings);
  }
}

/**
 * EASE for catalogs too large for the square of their items: each item is foretold from the few that foretell it best, not from all. Time and memory are those of
 * {@link localRidge}; a model takes 8 · itemCount · keptCount bytes at most.
 *
 * Source: Steck 2019 (Markov random fields for collaborative filtering); Ning & Karypis 2011 (SLIM).
 *
 * @throws RangeError when memory does not suffice, or the regularisation is too small.
 */
export function trainSparseLinear(
  data: RankingData,
  {
    neighbourCount = 300,
    keptCount = neighbourCount,
    regularisation = 20,
    regularisationPower = 0,
    popularityPower = 0,
    trendPower = 0,
    ...row
  }: SparseLinearSettings,
  { nowMs, pool, signal }: { readonly nowMs: number; readonly pool?: ThreadPool; readonly signal?: AbortSignal },
): SparseLinear {
  checkRankingData(data);
  const { itemCount } = data;
  const rows = userItemRows(data, row, nowMs);
  const diagonal = new Float32Array(itemCount);
  for (const [at, item] of rows.items.entries()) diagonal[item]! += rows.weights[at]! ** 2;
  const popularity = relativePopularity(diagonal);
  const ridge = popularity.map((relative) => regularisation * relative ** regularisationPower);
  const kept = Math.min(keptCount, neighbourCount, Math.max(1, itemCount - 1));
  const found = localRidge(rows, itemCount, { ridge, neighbourCount, keptCount: kept, pool, signal });
  const trend = salesTrend(data, nowMs);
  const factor = popularity.map((relative, item) => trend[item]! ** trendPower / relative ** popularityPower);
  return new SparseLinear(byItemTaken(found, factor), row);
}

/** The weights of each item as columns of a map, each times its factor. */
function byItemTaken({ neighbours, weights }: ReturnType<typeof localRidge>, factor: Float32Array): SparseRows {
  const itemCount = factor.length;
  const width = itemCount === 0 ? 0 : neighbours.length / itemCount;
  const start = new Int32Array(itemCount + 1);
  for (const item of neighbours) if (item >= 0) start[item + 1]!++;
  for (let item = 0; item < itemCount; item++) start[item + 1]! += start[item]!;
  const free = start.slice();
  const items = new Int32Array(start[itemCount]!);
  const moved = new Float32Array(items.length);
  for (let at = 0; at < neighbours.length; at++) {
    if (neighbours[at]! < 0) continue;
    const scored = Math.floor(at / width);
    const place = free[neighbours[at]!]!++;
    items[place] = scored;
    moved[place] = weights[at]! * factor[scored]!;
  }
  return { start, items, weights: moved };
}
