import { instantiateKernels, Layout, takeMemory } from './load-kernels.ts';
import { Team } from './thread-pool.ts';

/** A dense f32 matrix in a memory of its own, and sums of its rows: one row of a product. Some 10 billion multiply-adds a second while the rows summed stay in a cache. */
export class RowSums {
  /** f32 row-major, shape (rowCount, {@link stride}). */
  readonly matrix: Float32Array;
  /** Columns, filled up with zeros to a multiple of 4. */
  readonly stride: number;
  readonly rowCount: number;
  readonly #columnCount: number;
  readonly #at: Record<'start' | 'rows' | 'weights' | 'matrix' | 'target', number>;
  readonly #memory: WebAssembly.Memory;
  readonly #team: Team;

  /** @throws RangeError when the matrix needs more than one memory holds. */
  constructor(rowCount: number, columnCount: number) {
    this.stride = Math.ceil(columnCount / 4) * 4;
    this.rowCount = rowCount;
    this.#columnCount = columnCount;
    const layout = new Layout();
    this.#at = {
      start: layout.take(8),
      rows: layout.take(rowCount * 4),
      weights: layout.take(rowCount * 4),
      matrix: layout.take(rowCount * this.stride * 4),
      target: layout.take(this.stride * 4),
    };
    this.#memory = takeMemory(layout.sizeBytes, `A matrix of ${rowCount} by ${columnCount}`);
    this.matrix = new Float32Array(this.#memory.buffer, this.#at.matrix, rowCount * this.stride);
    this.#team = new Team(this.#memory, instantiateKernels(this.#memory));
  }

  /**
   * `Σ weights[at] · matrix[rows[at], :]`.
   *
   * @param rows i32, each at most once; `weights` f32, of the same length.
   * @returns f32, shape (columnCount); it stands until the next sum.
   */
  sum(rows: Int32Array, weights: Float32Array): Float32Array {
    const { buffer } = this.#memory;
    const { start, rows: rowsAt, weights: weightsAt, matrix, target } = this.#at;
    new Int32Array(buffer, start, 2)[1] = rows.length;
    new Int32Array(buffer, rowsAt, rows.length).set(rows);
    new Float32Array(buffer, weightsAt, rows.length).set(weights);
    const integers = [start, rowsAt, weightsAt, 1, matrix, target, this.stride];
    this.#team.runAlone('sparseProductTask', 1, { integers });
    return new Float32Array(buffer, target, this.#columnCount);
  }
}
