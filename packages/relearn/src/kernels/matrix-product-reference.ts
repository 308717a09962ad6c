/**
 * `target[row, column] = Σ_k left(row, k) · right(k, column)`, f64: what `MatrixProduct` computes.
 *
 * @param left  value at a row and a depth, as a function, so that transposition is the caller's.
 * @param right value at a depth and a column.
 */
export function multiplyReference(
  { rowCount, columnCount, depth }: { rowCount: number; columnCount: number; depth: number },
  left: (row: number, k: number) => number,
  right: (k: number, column: number) => number,
): Float64Array {
  const target = new Float64Array(rowCount * columnCount);
  for (let row = 0; row < rowCount; row++) {
    for (let column = 0; column < columnCount; column++) {
      let sum = 0;
      for (let k = 0; k < depth; k++) sum += left(row, k) * right(k, column);
      target[row * columnCount + column] = sum;
    }
  }
  return target;
}
