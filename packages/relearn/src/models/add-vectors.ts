/** `sum += Σ weights[i] · vectors[items[i]]`. O(items · sum.length). @param vectors f32 row-major, shape (itemCount, sum.length). */
export function addVectors(
  items: Int32Array,
  weights: ArrayLike<number>,
  vectors: Float32Array,
  sum: Float32Array,
): void {
  const width = sum.length;
  for (let at = 0; at < items.length; at++) {
    const weight = weights[at]!;
    for (let k = 0, from = items[at]! * width; k < width; k++) sum[k]! += weight * vectors[from + k]!;
  }
}
