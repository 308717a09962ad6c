/**
 * Weights that foretell column `target` of a dense matrix from some others: `(G_NN + Λ_NN)⁻¹ G_N,target`, G = XᵀX, by Gauss's elimination in f64. O(rows · neighbours² +
 * neighbours³).
 *
 * @param matrix X, row-major, shape (rows, columnCount).
 */
export function localRidgeReference(
  matrix: Float64Array,
  columnCount: number,
  { target, neighbours, ridge }: { target: number; neighbours: readonly number[]; ridge: ArrayLike<number> },
): number[] {
  const gram = (a: number, b: number) => {
    let sum = 0;
    for (let from = 0; from < matrix.length; from += columnCount) sum += matrix[from + a]! * matrix[from + b]!;
    return sum;
  };
  const system = neighbours.map((a) => [
    ...neighbours.map((b) => gram(a, b) + (a === b ? ridge[a]! : 0)),
    gram(a, target),
  ]);
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
