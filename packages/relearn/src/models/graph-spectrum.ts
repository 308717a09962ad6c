import type { ThreadPool } from '../kernels/thread-pool.ts';
import { type TruncatedSvd, truncatedSvd } from '../kernels/truncated-svd.ts';
import { checkRankingData } from './check-ranking-data.ts';
import type { RankingData } from './ranking.ts';
import { type RowSettings, type UserItemRows, userItemRows } from './user-item-rows.ts';

export interface GraphContext {
  readonly nowMs: number;
  readonly seed: number;
  readonly pool?: ThreadPool | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The largest singular vectors of `D_U^−½ R D_I^−½`, D the degrees of users and items by weight. */
export interface GraphSpectrum extends TruncatedSvd {
  /** The matrix, by users. */
  readonly rows: UserItemRows;
  /** Degrees of items: f32, shape (itemCount). */
  readonly popularity: Float32Array;
}

/**
 * The smoothest signals on the graph of items that the same users took. Time and memory are those of {@link truncatedSvd}.
 *
 * @throws RankingDataInvalid when the data are none to learn from; RangeError naming the bytes when one memory cannot hold it.
 */
export function graphSpectrum(
  data: RankingData,
  { rank, ...settings }: RowSettings & { readonly rank: number },
  { nowMs, ...context }: GraphContext,
): GraphSpectrum {
  checkRankingData(data);
  const { itemCount } = data;
  const { start, items, weights: taken } = userItemRows(data, settings, nowMs);
  const popularity = new Float32Array(itemCount);
  for (const [at, item] of items.entries()) popularity[item]! += taken[at]!;
  const weights = taken.slice();
  for (let user = 0; user + 1 < start.length; user++) {
    const [from, to] = [start[user]!, start[user + 1]!];
    const degree = taken.subarray(from, to).reduce((sum, weight) => sum + weight, 0);
    for (let at = from; at < to; at++) weights[at]! /= Math.sqrt(degree * popularity[items[at]!]!);
  }
  const rows = { start, items, weights };
  return { ...truncatedSvd(rows, itemCount, { ...context, rank }), rows, popularity };
}
