const NONE: ReadonlySet<number> = new Set();

/** O(values). @param except places that do not count. */
export function moments(values: Float32Array, except = NONE): { readonly mean: number; readonly deviation: number } {
  let [total, squares] = [0, 0];
  // By place: an iterator would take seven times as long.
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    total += value;
    squares += value * value;
  }
  for (const at of except) {
    total -= values[at]!;
    squares -= values[at]! ** 2;
  }
  const count = values.length - except.size;
  const mean = total / count;
  return { mean, deviation: Math.sqrt(Math.max(0, squares / count - mean * mean)) };
}

/** `sum += weight · z`, z the values brought to mean 0 and deviation 1; adds nothing where all are equal. O(values). @param except places that do not count for these. */
export function addStandardised(values: Float32Array, weight: number, sum: Float32Array, except = NONE): void {
  const { mean, deviation } = moments(values, except);
  if (!(deviation > 0)) return;
  const scale = weight / deviation;
  for (let at = 0; at < values.length; at++) sum[at]! += (values[at]! - mean) * scale;
}
