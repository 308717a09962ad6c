import type { CompiledKernels } from './compiled-kernels.ts';
import { instantiateKernels, Layout, takeMemory } from './load-kernels.ts';
import { MatrixProduct, type ProductSide } from './matrix-product.ts';
import { orthonormalising } from './orthonormalising.ts';
import { type SparseRows, transposed } from './sparse-rows.ts';
import { SymmetricEigen } from './symmetric-eigen.ts';
import { Team, type ThreadPool } from './thread-pool.ts';

export interface TruncatedSvdOptions {
  /** Singular values wanted. Fewer are found where the matrix has fewer; those below 3 % of the largest may be lost in f32's rounding. */
  readonly rank: number;
  readonly seed: number;
  /** Times that the subspace is turned towards the largest values; 3 unless said, enough where values fall off slowly. */
  readonly roundCount?: number;
  /** Directions carried beside those wanted, even when these are all there are: one that falls by chance among the others is lost. 32 unless said. */
  readonly spareCount?: number;
  readonly pool?: ThreadPool | undefined;
  /** Kernels of the caller's thread. */
  readonly compiled?: CompiledKernels | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface TruncatedSvd {
  readonly rank: number;
  /** f64, shape (rank), descending, > 0. */
  readonly values: Float64Array;
  /** Right singular vectors, f32 row-major, shape (columnCount, rank); the sign of each is any. */
  readonly right: Float32Array;
}

/** Sparse rows of a task: as in `assembly/sparse-product.ts`. */
const TASK_ROWS = 64;

/** Directions whose values are less than so much of the largest are rounding errors. */
const VALUE_MIN = 1e-4;

/**
 * The largest singular values of a sparse matrix and their right vectors: a random subspace is turned towards them by multiplying with the matrix and its transpose,
 * then its few directions are sorted by a small eigenproblem. Width w = rank + spareCount: O(roundCount · (entries · w + rowCount · w²) + columnCount · w² + w³) time;
 * some 4 (2 rowCount + columnCount) · w bytes. The same bits for the same seed, whatever the threads.
 *
 * Source: Halko, Martinsson & Tropp 2011, algorithms 4.4 and 5.1.
 *
 * @throws RangeError naming the bytes when one memory cannot hold it; the signal's reason when it aborts.
 */
export function truncatedSvd(matrix: SparseRows, columnCount: number, options: TruncatedSvdOptions): TruncatedSvd {
  const { rank, seed, roundCount = 3, spareCount = 32, pool, compiled, signal } = options;
  const rowCount = matrix.start.length - 1;
  const wanted = Math.min(rank, rowCount, columnCount);
  const directionCount = wanted + spareCount;
  if (wanted === 0) return { rank: 0, values: new Float64Array(0), right: new Float32Array(0) };
  const subspace = new Subspace(matrix, columnCount, { directionCount, rank, compiled });
  const team = subspace.join(pool);
  try {
    subspace.begin(seed);
    for (let round = 0; round < roundCount; round++) {
      signal?.throwIfAborted();
      subspace.turn(team);
    }
    const gram = subspace.finish(team);
    const { values, vectors } = new SymmetricEigen(directionCount).decompose(gram, { pool, signal });
    const floor = values[0]! * VALUE_MIN ** 2;
    const found = Math.min(wanted, values.findLastIndex((value) => value > floor) + 1);
    const kept = Float64Array.from(values.subarray(0, found), Math.sqrt);
    return { rank: found, values: kept, right: subspace.rightVectors(team, vectors, kept) };
  } finally {
    team.dismiss();
  }
}

/** The memory of a decomposition: both sides of the matrix, and a subspace of its rows. */
class Subspace {
  readonly #rowCount: number;
  readonly #columnCount: number;
  readonly #directionCount: number;
  /** Directions, filled up with zeros to a multiple of 8. */
  readonly #width: number;
  readonly #memory: WebAssembly.Memory;
  readonly #kernels: ReturnType<typeof instantiateKernels>;
  /** `rowsA` and `rowsB`, one behind the other, hold directions as rows of the matrix see them; `columns` as its columns do. */
  readonly #at: Record<'rowsA' | 'rowsB' | 'columns' | 'small' | 'room', number>;
  readonly #sparse: SparseAt;
  readonly #transposed: SparseAt;

  constructor(
    matrix: SparseRows,
    columnCount: number,
    { directionCount, rank, compiled }: { directionCount: number; rank: number; compiled: CompiledKernels | undefined },
  ) {
    const rowCount = matrix.start.length - 1;
    const width = Math.ceil(directionCount / 8) * 8;
    const layout = new Layout();
    const sides = [matrix, transposed(matrix, columnCount)] as const;
    [this.#sparse, this.#transposed] = sides.map((side) => takeSparse(layout, side)) as [SparseAt, SparseAt];
    const rowsA = layout.take(rowCount * width * 4);
    const rowsB = layout.take(Math.max(rowCount * width, columnCount * rank - rowCount * width) * 4);
    const columns = layout.take(columnCount * width * 4);
    const small = layout.take(width * width * 4);
    const longest = Math.max(rowCount, columnCount, width);
    const room = layout.take(MatrixProduct.roomBytes({ rowCount: longest, columnCount: width, depth: longest }));
    this.#at = { rowsA, rowsB, columns, small, room };
    this.#memory = takeMemory(layout.sizeBytes, `The ${rank} largest singular values of ${rowCount} by ${columnCount}`);
    for (const [place, side] of [this.#sparse, this.#transposed].entries())
      writeSparse(this.#memory, side, sides[place]!);
    this.#kernels = instantiateKernels(this.#memory, compiled);
    [this.#rowCount, this.#columnCount, this.#directionCount, this.#width] = [
      rowCount,
      columnCount,
      directionCount,
      width,
    ];
  }

  join(pool: ThreadPool | undefined): Team {
    return pool ? pool.join(this.#memory, this.#kernels) : new Team(this.#memory, this.#kernels);
  }

  /** Random directions of the columns, values −1 to 1. */
  begin(seed: number): void {
    const directions = this.#f32('columns', this.#columnCount * this.#width);
    let state = Math.imul(seed + 1, 0x9e3779b1) | 1;
    for (let at = 0; at < directions.length; at++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      directions[at] = at % this.#width >= this.#directionCount ? 0 : state * 2 ** -31;
    }
  }

  /** From directions of the columns to the rows' at right angles, and back. */
  turn(team: Team): void {
    const at = this.#at;
    this.#sparseProduct(team, this.#sparse, at.columns, at.rowsA);
    const q = orthonormalising(this.#gram(team, at.rowsA, this.#rowCount), this.#width);
    this.#f32('small', this.#width ** 2).set(q);
    const shape = { rowCount: this.#rowCount, columnCount: this.#width, depth: this.#width };
    const [left, right, target] = [this.#side(at.rowsA), this.#side(at.small), this.#side(at.rowsB)];
    new MatrixProduct(team, at.room, shape).multiply({ ...shape, left, right, target });
    this.#sparseProduct(team, this.#transposed, at.rowsB, at.columns);
  }

  /** The Gram matrix of the columns' directions, f64, shape (directionCount, directionCount). */
  finish(team: Team): Float64Array {
    const gram = this.#gram(team, this.#at.columns, this.#columnCount);
    const n = this.#directionCount;
    const matrix = new Float64Array(n * n);
    for (let row = 0; row < n; row++) matrix.set(gram.subarray(row * this.#width, row * this.#width + n), row * n);
    return matrix;
  }

  /** The columns' directions by eigenvectors, each brought to length 1. */
  rightVectors(team: Team, vectors: Float64Array, values: Float64Array): Float32Array {
    const [rank, n] = [values.length, this.#directionCount];
    const small = this.#f32('small', this.#width ** 2).fill(0);
    for (let k = 0; k < rank; k++) {
      for (let row = 0; row < n; row++) small[row * this.#width + k] = vectors[k * n + row]! / values[k]!;
    }
    const at = this.#at;
    const shape = { rowCount: this.#columnCount, columnCount: rank, depth: this.#width };
    const product = {
      left: this.#side(at.columns),
      right: this.#side(at.small),
      target: { at: at.rowsA, stride: rank },
    };
    new MatrixProduct(team, at.room, shape).multiply({ ...shape, ...product });
    return this.#f32('rowsA', this.#columnCount * rank).slice();
  }

  #gram(team: Team, at: number, rowCount: number): Float32Array {
    const width = this.#width;
    const shape = { rowCount: width, columnCount: width, depth: rowCount };
    new MatrixProduct(team, this.#at.room, shape).gram({
      buffer: this.#memory.buffer,
      matrix: this.#side(at),
      target: this.#side(this.#at.small),
      rowCount,
      columnCount: width,
    });
    return this.#f32('small', width * width);
  }

  #sparseProduct(team: Team, { start, items, weights, rowCount }: SparseAt, dense: number, target: number): void {
    const integers = [start, items, weights, rowCount, dense, target, this.#width];
    team.run('sparseProductTask', Math.ceil(rowCount / TASK_ROWS), { integers });
  }

  #side(at: number): ProductSide {
    return { at, stride: this.#width };
  }

  #f32(name: 'columns' | 'small' | 'rowsA', length: number): Float32Array {
    return new Float32Array(this.#memory.buffer, this.#at[name], length);
  }
}

/** Where a sparse matrix lies in a memory. */
interface SparseAt {
  readonly start: number;
  readonly items: number;
  readonly weights: number;
  readonly rowCount: number;
}

function takeSparse(layout: Layout, { start, items, weights }: SparseRows): SparseAt {
  return {
    start: layout.take(start.byteLength),
    items: layout.take(items.byteLength),
    weights: layout.take(weights.byteLength),
    rowCount: start.length - 1,
  };
}

function writeSparse({ buffer }: WebAssembly.Memory, at: SparseAt, { start, items, weights }: SparseRows): void {
  new Int32Array(buffer, at.start, start.length).set(start);
  new Int32Array(buffer, at.items, items.length).set(items);
  new Float32Array(buffer, at.weights, weights.length).set(weights);
}
