import type { SparseRows } from '../kernels/sparse-rows.ts';
import type { ThreadPool } from '../kernels/thread-pool.ts';
import { truncatedSvd } from '../kernels/truncated-svd.ts';
import type { Closeness } from './closeness-features.ts';

const RANK = 64;
/** Frequent neighbours are expected by their share to this power. Source: Levy, Goldberg & Dagan 2015. */
const SMOOTHING = 0.75;

/**
 * Directions of items in few dimensions: items that stand beside the same others lie near each other. The positive pointwise mutual information of what stands beside
 * what, decomposed; length 1. Source: Levy & Goldberg 2014.
 *
 * @param beside how often items (columns) stand beside each (rows), symmetric.
 * @returns f32 row-major, shape (itemCount, rank).
 */
export function itemDirections(
  beside: SparseRows,
  context: { readonly seed: number; readonly pool?: ThreadPool | undefined; readonly signal?: AbortSignal | undefined },
): { readonly rank: number; readonly directions: Float32Array } {
  const itemCount = beside.start.length - 1;
  const { rank, values, right } = truncatedSvd(mutualInformation(beside), itemCount, { rank: RANK, ...context });
  for (let item = 0; item < itemCount; item++) {
    const own = right.subarray(item * rank, (item + 1) * rank);
    for (let k = 0; k < rank; k++) own[k]! *= Math.sqrt(values[k]!);
    const length = Math.hypot(...own);
    if (length > 0) for (let k = 0; k < rank; k++) own[k]! /= length;
  }
  return { rank, directions: right };
}

/** The cosine of directions. */
export function directionCloseness({ rank, directions }: ReturnType<typeof itemDirections>): Omit<Closeness, 'name'> {
  return {
    itemCount: rank === 0 ? 0 : directions.length / rank,
    of(item, candidates, closeness) {
      for (let at = 0; at < candidates.length; at++) {
        const [a, b] = [item * rank, candidates[at]! * rank];
        let cosine = 0;
        for (let k = 0; k < rank; k++) cosine += directions[a + k]! * directions[b + k]!;
        closeness[at] = cosine;
      }
    },
  };
}

function mutualInformation({ start, items, weights }: SparseRows): SparseRows {
  const sums = Float64Array.from({ length: start.length - 1 }, (_, item) =>
    weights.subarray(start[item]!, start[item + 1]!).reduce((sum, weight) => sum + weight, 0),
  );
  const total = sums.reduce((sum, own) => sum + own ** SMOOTHING, 0);
  const information = new Float32Array(weights.length);
  for (let item = 0; item < sums.length; item++) {
    for (let at = start[item]!; at < start[item + 1]!; at++) {
      const expected = (sums[item]! * sums[items[at]!]! ** SMOOTHING) / total;
      information[at] = expected > 0 ? Math.max(0, Math.log(weights[at]! / expected)) : 0;
    }
  }
  return { start, items, weights: information };
}
