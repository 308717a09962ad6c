/**
 * The row x that minimises `Σ wⱼ (x·yⱼ − 1)² + α Σ_all (x·y)² + ridge |x|²`, by Gauss's elimination in f64. O(rows · factors² + factors³).
 *
 * @param fixed y, row-major, shape (rows, factorCount).
 * @param entries rows that x is solved for, and what they weigh.
 */
export function leastSquaresRowReference(
  fixed: Float32Array,
  factorCount: number,
  {
    entries,
    unobservedWeight,
    ridge,
  }: { entries: ReadonlyMap<number, number>; unobservedWeight: number; ridge: number },
): number[] {
  const system = Array.from({ length: factorCount }, (_, a) =>
    Array.from({ length: factorCount + 1 }, (_, b) => (a === b ? ridge : 0)),
  );
  for (let row = 0; row * factorCount < fixed.length; row++) {
    const y = fixed.subarray(row * factorCount, (row + 1) * factorCount);
    const weight = entries.get(row) ?? 0;
    for (let a = 0; a < factorCount; a++) {
      for (let b = 0; b < factorCount; b++) system[a]![b]! += (weight + unobservedWeight) * y[a]! * y[b]!;
      system[a]![factorCount]! += weight * y[a]!;
    }
  }
  for (const [pivot, row] of system.entries()) {
    const scale = row[pivot]!;
    for (let at = 0; at < row.length; at++) row[at]! /= scale;
    for (const other of system) {
      const factor = other === row ? 0 : other[pivot]!;
      for (let at = 0; at < row.length; at++) other[at]! -= factor * row[at]!;
    }
  }
  return system.map((row) => row.at(-1)!);
}
