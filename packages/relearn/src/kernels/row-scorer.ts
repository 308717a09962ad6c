import { instantiateKernels, type Kernels, Layout, takeMemory } from './load-kernels.ts';

/** Rows that one call may sum; a longer history is cut by its caller. */
export const ROWS_MAX = 4_096;

/** Columns summed at a time. */
const LANES = 16;

/**
 * A dense matrix in a memory of its own, and the sum of some of its rows: what scoring costs when a user took few of many items.
 * About 10 µs for 50 rows of 3,000.
 */
export class RowScorer {
  /** Values a row takes in {@link matrix}: the columns, filled up with zeros to a multiple of 16. */
  readonly stride: number;
  /** f32 row-major, shape (rowCount, stride). */
  readonly matrix: Float32Array;
  readonly #kernels: Kernels;
  readonly #at: Record<'matrix' | 'rows' | 'weights' | 'scores', number>;
  readonly #rows: Int32Array;
  readonly #weights: Float32Array;
  readonly #scores: Float32Array;

  /** @throws RangeError when the matrix needs more than one memory holds. */
  constructor(rowCount: number, columnCount: number) {
    this.stride = Math.ceil(columnCount / LANES) * LANES;
    const layout = new Layout();
    this.#at = {
      matrix: layout.take(rowCount * this.stride * 4),
      rows: layout.take(ROWS_MAX * 4),
      weights: layout.take(ROWS_MAX * 4),
      scores: layout.take(this.stride * 4),
    };
    const memory = takeMemory(layout.sizeBytes, `A matrix of ${rowCount} by ${columnCount}`);
    this.#kernels = instantiateKernels(memory);
    this.matrix = new Float32Array(memory.buffer, this.#at.matrix, rowCount * this.stride);
    this.#rows = new Int32Array(memory.buffer, this.#at.rows, ROWS_MAX);
    this.#weights = new Float32Array(memory.buffer, this.#at.weights, ROWS_MAX);
    this.#scores = new Float32Array(memory.buffer, this.#at.scores, columnCount);
  }

  /**
   * `scores = Σ weight · matrix[row, :]`.
   *
   * @param rows   row and its weight; at most {@link ROWS_MAX}. @throws RangeError when there are more.
   * @param scores f32, shape (columnCount); overwritten.
   */
  score(rows: ReadonlyMap<number, number>, scores: Float32Array): void {
    if (rows.size > ROWS_MAX) throw new RangeError(`${rows.size} rows are more than ${ROWS_MAX}.`);
    let count = 0;
    for (const [row, weight] of rows) {
      this.#rows[count] = row;
      this.#weights[count++] = weight;
    }
    const at = this.#at;
    this.#kernels.addRows(at.matrix, this.stride, at.rows, at.weights, count, at.scores);
    scores.set(this.#scores);
  }
}
