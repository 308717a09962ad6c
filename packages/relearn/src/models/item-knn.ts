import { likeItems } from '../kernels/like-items.ts';
import { checkFits } from '../kernels/load-kernels.ts';
import type { ThreadPool } from '../kernels/thread-pool.ts';
import { checkRankingData } from './check-ranking-data.ts';
import type { Packed } from './codec.ts';
import { type ItemWeighting, weighedRows } from './item-weighting.ts';
import type { History, RankingData, RankingModel } from './ranking.ts';
import { historyRow, type RowSettings, type UserItemRows, userItemRows } from './user-item-rows.ts';

export interface ItemKnnSettings extends RowSettings {
  /** Neighbours kept for each item. */
  readonly neighbourCount?: number;
  /** Added to the norms: takes weight from neighbours that share few users. BM25 has no norms, and needs none. */
  readonly shrink?: number;
  /** `cosine` unless said. */
  readonly weighting?: ItemWeighting;
}

/** Scores items by their likeness to what the user took. `neighbours` and `similarities` have shape (itemCount, neighbourCount); −1 pads. */
export class ItemKnn implements RankingModel {
  readonly itemCount: number;
  readonly #neighbours: Int32Array;
  readonly #similarities: Float32Array;
  readonly #neighbourCount: number;
  readonly #row: RowSettings;

  constructor(itemCount: number, neighbours: Int32Array, similarities: Float32Array, row: RowSettings) {
    this.itemCount = itemCount;
    this.#neighbours = neighbours;
    this.#similarities = similarities;
    this.#neighbourCount = itemCount === 0 ? 0 : neighbours.length / itemCount;
    this.#row = row;
  }

  score(history: History, nowMs: number, scores: Float32Array): void {
    scores.fill(0);
    const { rows, weights } = historyRow(history, this.#row, { nowMs, itemCount: this.itemCount });
    for (let at = 0; at < rows.length; at++) this.addSimilar(rows[at]!, weights[at]!, scores);
  }

  /** Adds `weight` times the similarity of each neighbour of `item`. */
  addSimilar(item: number, weight: number, scores: Float32Array): void {
    const from = item * this.#neighbourCount;
    for (let at = from; at < from + this.#neighbourCount && this.#neighbours[at]! >= 0; at++) {
      scores[this.#neighbours[at]!]! += weight * this.#similarities[at]!;
    }
  }

  /** Similarity of `other` to `item`; 0 where it is none of its neighbours. O(neighbourCount). */
  similarity(item: number, other: number): number {
    const from = item * this.#neighbourCount;
    const at = this.#neighbours.subarray(from, from + this.#neighbourCount).indexOf(other);
    return at < 0 ? 0 : this.#similarities[from + at]!;
  }

  /** Which of some items speaks most for another; −1 where none does. */
  speaker(items: Int32Array, other: number): number {
    let speaker = -1;
    let most = 0;
    for (const item of items) {
      const says = item < 0 ? 0 : this.similarity(item, other);
      if (says <= most) continue;
      most = says;
      speaker = item;
    }
    return speaker;
  }

  pack(): Packed {
    const settings = { itemCount: this.itemCount, row: this.#row };
    return { settings, columns: { neighbours: this.#neighbours, similarities: this.#similarities } };
  }

  static unpack({ settings, columns }: Packed): ItemKnn {
    const { itemCount, row } = settings as { itemCount: number; row: RowSettings };
    return new ItemKnn(itemCount, columns.neighbours as Int32Array, columns.similarities as Float32Array, row);
  }
}

/** O(Σ row length²) time, O(entries + items · neighbourCount) bytes. Source: Deshpande & Karypis 2004, with shrinkage after Koren 2008. */
export function trainItemKnn(
  data: RankingData,
  { neighbourCount = 50, shrink = 1, weighting = 'cosine', ...row }: ItemKnnSettings,
  {
    nowMs,
    pool,
    signal,
  }: { readonly nowMs: number; readonly pool?: ThreadPool | undefined; readonly signal?: AbortSignal | undefined },
): ItemKnn {
  checkRankingData(data);
  const { itemCount } = data;
  const keptCount = Math.min(neighbourCount, Math.max(0, itemCount - 1));
  checkFits(itemCount * keptCount * 8, `${keptCount} neighbours for each of ${itemCount} items`);
  const rows = weighedRows(userItemRows(data, row, nowMs), weighting, itemCount);
  const likeness = weighting === 'bm25' ? {} : { norms: itemNorms(rows, itemCount), shrink };
  const { items, likenesses } = likeItems(rows, itemCount, { ...likeness, keptCount, pool, signal });
  return new ItemKnn(itemCount, items, likenesses, row);
}

function itemNorms({ start, items, weights }: UserItemRows, itemCount: number): Float32Array {
  const squares = new Float32Array(itemCount);
  const entryCount = start.at(-1) ?? 0;
  for (let at = 0; at < entryCount; at++) squares[items[at]!]! += weights[at]! * weights[at]!;
  return squares.map(Math.sqrt);
}
