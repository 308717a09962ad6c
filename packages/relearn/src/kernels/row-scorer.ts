import type { Kernels } from './kernels.ts';
import { instantiateKernels, Layout, takeMemory } from './load-kernels.ts';

/** Rows that one call may sum; a longer history is cut by its caller. */
export const ROWS_MAX = 4_096;

/** Rows summed at a time; fewer are made up by one of them, which then weighs nothing. */
const ROWS_AT_ONCE = 8;

/** Columns summed at a time. */
const LANES = 16;

/** Largest of the whole numbers in which a row is kept. */
const STEPS = 32_767;

/**
 * A dense matrix in a memory of its own, and the sum of some of its rows: what scoring costs when a user took few of many items. A row is
 * kept in 16-bit steps of its largest value, off by half a step at most: half the bytes to read, which is what bounds a sum. About 15 µs for 40 rows of 3,000.
 */
export class RowScorer {
  /** i16 row-major, shape (rowCount, stride): the columns, filled up with zeros to a multiple of 16. */
  readonly steps: Int16Array;
  /** What one step is worth, f32, shape (rowCount). */
  readonly scales: Float32Array;
  readonly #columnCount: number;
  readonly #stride: number;
  readonly #kernels: Kernels;
  readonly #at: Record<'matrix' | 'rows' | 'weights' | 'scores', number>;
  readonly #rows: Int32Array;
  readonly #weights: Float32Array;
  readonly #scores: Float32Array;

  /** @throws RangeError when the matrix needs more than one memory holds. */
  constructor(rowCount: number, columnCount: number) {
    this.#columnCount = columnCount;
    this.#stride = Math.ceil(columnCount / LANES) * LANES;
    const layout = new Layout();
    this.#at = {
      matrix: layout.take(rowCount * this.#stride * 2),
      rows: layout.take(ROWS_MAX * 4),
      weights: layout.take(ROWS_MAX * 4),
      scores: layout.take(this.#stride * 4),
    };
    const memory = takeMemory(layout.sizeBytes, `A matrix of ${rowCount} by ${columnCount}`);
    this.#kernels = instantiateKernels(memory);
    this.steps = new Int16Array(memory.buffer, this.#at.matrix, rowCount * this.#stride);
    this.scales = new Float32Array(rowCount);
    this.#rows = new Int32Array(memory.buffer, this.#at.rows, ROWS_MAX);
    this.#weights = new Float32Array(memory.buffer, this.#at.weights, ROWS_MAX);
    this.#scores = new Float32Array(memory.buffer, this.#at.scores, columnCount);
  }

  /** Keeps a row; `values` f32, shape (columnCount), finite. */
  setRow(row: number, values: Float32Array): void {
    let largest = 0;
    for (let column = 0; column < this.#columnCount; column++) largest = Math.max(largest, Math.abs(values[column]!));
    const scale = Math.fround(largest / STEPS);
    const from = row * this.#stride;
    this.scales[row] = scale;
    for (let column = 0; column < this.#columnCount; column++)
      this.steps[from + column] = scale === 0 ? 0 : Math.round(values[column]! / scale);
  }

  /** One value of the matrix. */
  at(row: number, column: number): number {
    return this.steps[row * this.#stride + column]! * this.scales[row]!;
  }

  /**
   * `scores = Σ weights[at] · matrix[rows[at], :]`.
   *
   * @param rows   i32, shape (count); at most {@link ROWS_MAX}. @throws RangeError when there are more.
   * @param weights f32, shape (count).
   * @param scores f32, shape (columnCount); overwritten.
   */
  score({ rows, weights }: { rows: Int32Array; weights: Float32Array }, scores: Float32Array): void {
    if (rows.length > ROWS_MAX) throw new RangeError(`${rows.length} rows are more than ${ROWS_MAX}.`);
    for (let at = 0; at < rows.length; at++) {
      this.#rows[at] = rows[at]!;
      this.#weights[at] = weights[at]! * this.scales[rows[at]!]!;
    }
    const count = Math.ceil(rows.length / ROWS_AT_ONCE) * ROWS_AT_ONCE;
    this.#rows.fill(rows.at(-1) ?? 0, rows.length, count);
    this.#weights.fill(0, rows.length, count);
    const at = this.#at;
    this.#kernels.addRows(at.matrix, this.#stride, at.rows, at.weights, count, at.scores);
    scores.set(this.#scores);
  }
}
