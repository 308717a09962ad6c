import { seededRandom } from '../../statistics/seeded-random.ts';

/** Values looked at to place a feature's edges. */
const SAMPLE_MAX = 50_000;

/** Places of edges that are kept for a feature; those not used are +∞. */
export const EDGES = 256;

/** Bins of values beside the one for what is missing. */
export const BINS_MAX = 255;

/**
 * Where each feature is divided into bins of about as many values: between neighbouring values, so that an edge is at least the lower and below the higher one.
 *
 * @param features f32 row-major, shape (rowCount, featureCount); NaN is missing.
 * @returns f32, shape (featureCount, 256), ascending. O(featureCount · sample · log sample).
 */
export function binEdges(
  features: Float32Array,
  {
    rowCount,
    featureCount,
    binCount,
    seed,
  }: { rowCount: number; featureCount: number; binCount: number; seed: number },
): Float32Array {
  const rows = sampledRows(rowCount, seed);
  const edges = new Float32Array(featureCount * EDGES).fill(Number.POSITIVE_INFINITY);
  const values = new Float32Array(rows.length);
  for (let feature = 0; feature < featureCount; feature++) {
    let count = 0;
    for (const row of rows) {
      const value = features[row * featureCount + feature]!;
      if (!Number.isNaN(value)) values[count++] = value;
    }
    placeEdges(values.subarray(0, count).sort(), binCount, edges.subarray(feature * EDGES, (feature + 1) * EDGES));
  }
  return edges;
}

function sampledRows(rowCount: number, seed: number): Int32Array {
  if (rowCount <= SAMPLE_MAX) return Int32Array.from({ length: rowCount }, (_, row) => row);
  const random = seededRandom(seed);
  return Int32Array.from({ length: SAMPLE_MAX }, () => Math.floor(random() * rowCount));
}

function placeEdges(sorted: Float32Array, binCount: number, edges: Float32Array): void {
  let distinct = 0;
  for (let at = 0; at < sorted.length; at++) if (at === 0 || sorted[at] !== sorted[at - 1]) distinct++;
  const perBin = distinct <= binCount ? 0 : sorted.length / binCount;
  let placed = 0;
  for (let at = 1; at < sorted.length && placed < binCount - 1; at++) {
    const [low, high] = [sorted[at - 1]!, sorted[at]!];
    if (low === high || at < perBin * (placed + 1)) continue;
    const middle = Math.fround(low + (high - low) / 2);
    edges[placed++] = middle >= low && middle < high ? middle : low;
  }
}
