import { checkFits } from '../kernels/load-kernels.ts';
import { topK } from '../kernels/top-k.ts';
import { checkRankingData } from './check-ranking-data.ts';
import { Gram } from './gram.ts';
import { ItemKnn } from './item-knn.ts';
import type { RankingData } from './ranking.ts';
import { userItemRows } from './user-item-rows.ts';

export interface GraphFilterSettings {
  /** How much of the normalisation falls to users, the rest to items: 0 to 1. */
  readonly userShare?: number;
  /** Similarities are raised to this power; below 1 it lifts the weak ones. */
  readonly power?: number;
  /** Neighbours kept for each item. */
  readonly neighbourCount?: number;
}

/**
 * A linear low-pass filter on the graph of items that the same users took: `P = (R̃ᵀR̃)^∘power` with `R̃ = D_U^−userShare R D_I^(userShare−1)`, applied to
 * what the user took. O(Σ row length² + items²) time, O(entries + items · neighbourCount) bytes. Source: Park, Shin & Shin 2024 (Turbo-CF), its
 * rows cut to the strongest neighbours.
 */
export function trainGraphFilter(
  data: RankingData,
  { userShare = 0.5, power = 1, neighbourCount = 1_000 }: GraphFilterSettings,
  { nowMs }: { readonly nowMs: number },
): ItemKnn {
  checkRankingData(data);
  const { itemCount } = data;
  const width = Math.min(neighbourCount, itemCount);
  checkFits(itemCount * width * 8, `${width} neighbours for each of ${itemCount} items`);
  const rows = userItemRows(data, {}, nowMs);
  const takers = new Float32Array(itemCount);
  for (const item of rows.items) takers[item]! += 1;
  for (let user = 0; user < data.userCount; user++) {
    const [from, to] = [rows.start[user]!, rows.start[user + 1]!];
    const length = (to - from) ** -userShare;
    for (let at = from; at < to; at++) rows.weights[at] = length * takers[rows.items[at]!]! ** (userShare - 1);
  }
  const gram = new Gram(rows, itemCount);
  const neighbours = new Int32Array(itemCount * width).fill(-1);
  const similarities = new Float32Array(itemCount * width);
  const row = new Float32Array(itemCount);
  for (let item = 0; item < itemCount; item++) {
    gram.addRow(item, row.fill(0));
    let place = item * width;
    for (const other of topK(row, width)) {
      if (row[other]! <= 0) break;
      neighbours[place] = other;
      similarities[place++] = row[other]! ** power;
    }
  }
  return new ItemKnn(itemCount, neighbours, similarities, {});
}
