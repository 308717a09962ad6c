/** A sparse matrix, compressed by rows: the columns of each row's entries, and what these weigh. */
export interface SparseRows {
  /** Shape (rowCount + 1). */
  readonly start: Int32Array;
  readonly items: Int32Array;
  readonly weights: Float32Array;
}

/** Columns as rows: the rows of each column, ascending. O(entries). */
export function transposed({ start, items, weights }: SparseRows, columnCount: number): SparseRows {
  const entryCount = start.at(-1) ?? 0;
  const columnStart = new Int32Array(columnCount + 1);
  for (let at = 0; at < entryCount; at++) columnStart[items[at]! + 1]!++;
  for (let column = 0; column < columnCount; column++) columnStart[column + 1]! += columnStart[column]!;
  const free = columnStart.slice();
  const rows = new Int32Array(entryCount);
  const moved = new Float32Array(entryCount);
  for (let row = 0; row + 1 < start.length; row++) {
    for (let at = start[row]!; at < start[row + 1]!; at++) {
      const place = free[items[at]!]!++;
      rows[place] = row;
      moved[place] = weights[at]!;
    }
  }
  return { start: columnStart, items: rows, weights: moved };
}
