/** O(values). */
export function moments(values: Float32Array): { readonly mean: number; readonly deviation: number } {
  let [total, squares] = [0, 0];
  for (const value of values) {
    total += value;
    squares += value * value;
  }
  const mean = total / values.length;
  return { mean, deviation: Math.sqrt(Math.max(0, squares / values.length - mean * mean)) };
}

/** `sum += weight · z`, z the values brought to mean 0 and deviation 1; adds nothing where all are equal. O(values). */
export function addStandardised(values: Float32Array, weight: number, sum: Float32Array): void {
  const { mean, deviation } = moments(values);
  if (deviation === 0) return;
  const scale = weight / deviation;
  for (let at = 0; at < values.length; at++) sum[at]! += (values[at]! - mean) * scale;
}
