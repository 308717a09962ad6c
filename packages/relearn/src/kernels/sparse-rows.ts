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

/** Some of the rows, in the order given. O(entries). */
export function chosenRows({ start, items, weights }: SparseRows, rows: Int32Array): SparseRows {
  const chosenStart = new Int32Array(rows.length + 1);
  for (const [at, row] of rows.entries()) chosenStart[at + 1] = chosenStart[at]! + start[row + 1]! - start[row]!;
  const chosenItems = new Int32Array(chosenStart[rows.length]!);
  const chosenWeights = new Float32Array(chosenItems.length);
  for (const [at, row] of rows.entries()) {
    chosenItems.set(items.subarray(start[row]!, start[row + 1]!), chosenStart[at]!);
    chosenWeights.set(weights.subarray(start[row]!, start[row + 1]!), chosenStart[at]!);
  }
  return { start: chosenStart, items: chosenItems, weights: chosenWeights };
}

/** The rows of one and then of the other. O(entries). */
export function stackedRows(a: SparseRows, b: SparseRows): SparseRows {
  const start = new Int32Array(a.start.length + b.start.length - 1);
  const items = new Int32Array(a.items.length + b.items.length);
  const weights = new Float32Array(items.length);
  start.set(a.start);
  for (let row = 1; row < b.start.length; row++) start[a.start.length - 1 + row] = a.items.length + b.start[row]!;
  for (const [part, at] of [
    [a, 0],
    [b, a.items.length],
  ] as const) {
    items.set(part.items, at);
    weights.set(part.weights, at);
  }
  return { start, items, weights };
}
