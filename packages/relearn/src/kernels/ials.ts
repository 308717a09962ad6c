import { LeastSquaresRows, ROOMS, type Rooms, takeRooms } from './least-squares-rows.ts';
import { instantiateKernels, type Kernels, Layout, takeMemory } from './load-kernels.ts';
import { MatrixProduct } from './matrix-product.ts';
import { type SparseRows, transposed } from './sparse-rows.ts';
import { SymmetricEigen } from './symmetric-eigen.ts';
import { Team, type ThreadPool } from './thread-pool.ts';

/** Rows of a task, and columns of a packed tile: as in `assembly/ials.ts`. */
const TURNED_ROWS = 96;
const TILE_COLUMNS = 8;

/** Length of a random row to begin with. */
const FIRST_LENGTH = 0.1;

export interface AlternatingOptions {
  /** A multiple of 16. */
  readonly factorCount: number;
  readonly unobservedWeight: number;
  /** Of a row or a column whose entries' weights sum up to `weight`, among so many. */
  ridge(this: void, weight: number, amongCount: number): number;
  /** Steps of conjugate gradients for each row and epoch, from where it was. */
  readonly stepCount: number;
  readonly seed: number;
  readonly pool?: ThreadPool | undefined;
  /** Kernels of the caller's thread. */
  readonly module?: WebAssembly.Module | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Factors of one side, on the axes of their Gram matrix. */
export interface TurnedFactors {
  /** f32 row-major, shape (rowCount, factorCount). */
  readonly factors: Float32Array;
  /** Diagonal of their Gram matrix, times the unobserved weight; f32, shape (factorCount). */
  readonly diagonal: Float32Array;
}

/**
 * Alternating least squares for implicit feedback: `Σ w (u·v − 1)²` over the entries, `unobservedWeight · Σ (u·v)²` over all pairs, and a ridge for each row. Before a side is
 * solved, both are turned to the axes of the other's Gram matrix: it becomes a diagonal, costs next to nothing, and makes a preconditioner that two steps suffice with.
 * O(entries · factorCount · stepCount + (rows + columns) · factorCount²) an epoch. The same bits whatever the threads.
 *
 * Source: Hu, Koren & Volinsky 2008; conjugate gradients: Takács, Pilászy & Tikk 2011; ridges: Rendle et al. 2022.
 */
export class AlternatingLeastSquares {
  readonly #shape: { rowCount: number; columnCount: number; factorCount: number };
  readonly #options: AlternatingOptions;
  readonly #memory: WebAssembly.Memory;
  readonly #kernels: Kernels;
  readonly #rows: LeastSquaresRows;
  readonly #columns: LeastSquaresRows;
  readonly #rooms: Rooms;
  readonly #at: Record<'gram' | 'diagonal' | 'axes' | 'product', number>;
  readonly #eigen: SymmetricEigen;

  /** @throws RangeError naming the bytes when one memory cannot hold it. */
  constructor(entries: SparseRows, columnCount: number, options: AlternatingOptions) {
    const { factorCount, seed, module } = options;
    const rowCount = entries.start.length - 1;
    const entryCountMax = entries.items.length;
    const layout = new Layout();
    this.#rows = new LeastSquaresRows(layout, { factorCount, rowCountMax: rowCount, entryCountMax });
    this.#columns = new LeastSquaresRows(layout, { factorCount, rowCountMax: columnCount, entryCountMax });
    this.#rooms = takeRooms(layout, TURNED_ROWS * factorCount * 4);
    const largest = { rowCount: factorCount, columnCount: factorCount, depth: Math.max(rowCount, columnCount) };
    this.#at = {
      gram: layout.take(factorCount ** 2 * 4),
      diagonal: layout.take(factorCount * 4),
      axes: layout.take(factorCount ** 2 * 4),
      product: layout.take(MatrixProduct.roomBytes(largest)),
    };
    this.#memory = takeMemory(layout.sizeBytes, `${factorCount} factors of ${rowCount} by ${columnCount}`);
    this.#kernels = instantiateKernels(this.#memory, module);
    this.#shape = { rowCount, columnCount, factorCount };
    this.#options = options;
    this.#eigen = new SymmetricEigen(factorCount, module);
    const sides = [
      [this.#rows, entries, columnCount],
      [this.#columns, transposed(entries, columnCount), rowCount],
    ] as const;
    for (const [side, own, amongCount] of sides) {
      side.lieIn(this.#memory);
      side.write(
        own,
        Array.from(rowWeights(own), (weight) => options.ridge(weight, amongCount)),
      );
    }
    this.#draw(seed);
  }

  /** Solves the rows, then the columns. @throws the signal's reason when it aborts. */
  epoch(): void {
    const { pool, signal, stepCount } = this.#options;
    const { rowCount, columnCount } = this.#shape;
    const team = this.#join(pool);
    try {
      const rooms = this.#rooms;
      this.#turn(team, this.#columns, columnCount);
      this.#rows.solve(team, { at: this.#columns.at, diagonal: this.#at.diagonal }, { rooms, stepCount });
      signal?.throwIfAborted();
      this.#turn(team, this.#rows, rowCount);
      this.#columns.solve(team, { at: this.#rows.at, diagonal: this.#at.diagonal }, { rooms, stepCount });
      signal?.throwIfAborted();
    } finally {
      team.dismiss();
    }
  }

  /** The columns' factors; what rows are solved against. */
  columns(): TurnedFactors {
    const { columnCount, factorCount } = this.#shape;
    const team = this.#join(this.#options.pool);
    this.#turn(team, this.#columns, columnCount);
    team.dismiss();
    return {
      factors: this.#columns.factors(columnCount).slice(),
      diagonal: new Float32Array(this.#memory.buffer, this.#at.diagonal, factorCount).slice(),
    };
  }

  #join(pool: ThreadPool | undefined): Team {
    return pool ? pool.join(this.#memory, this.#kernels) : new Team(this.#memory, this.#kernels);
  }

  #draw(seed: number): void {
    const { rowCount, columnCount, factorCount } = this.#shape;
    const team = this.#join(undefined);
    const scale = (FIRST_LENGTH * Math.sqrt(3 / factorCount)) / 2 ** 31;
    for (const [order, [side, count]] of (
      [
        [this.#rows, rowCount],
        [this.#columns, columnCount],
      ] as const
    ).entries()) {
      const integers = [side.at, count, factorCount, 2 * seed + order];
      team.run('drawRowsTask', Math.ceil(count / TURNED_ROWS), { integers, reals: [scale] });
    }
    team.dismiss();
  }

  /** Turns both sides to the axes of one's Gram matrix, and writes its diagonal. */
  #turn(team: Team, fixed: LeastSquaresRows, fixedCount: number): void {
    const { rowCount, columnCount, factorCount: n } = this.#shape;
    const { unobservedWeight, pool, signal } = this.#options;
    const { buffer } = this.#memory;
    const shape = { rowCount: n, columnCount: n, depth: fixedCount };
    new MatrixProduct(team, this.#at.product, shape).gram({
      buffer,
      matrix: { at: fixed.at, stride: n },
      target: { at: this.#at.gram, stride: n },
      rowCount: fixedCount,
      columnCount: n,
    });
    const gram = Float64Array.from(new Float32Array(buffer, this.#at.gram, n * n));
    const { values, vectors } = this.#eigen.decompose(gram, { pool, signal });
    new Float32Array(buffer, this.#at.diagonal, n).set(values.map((value) => unobservedWeight * Math.max(0, value)));
    const axes = new Float32Array(buffer, this.#at.axes, n * n);
    for (let axis = 0; axis < n; axis++) {
      const tile = Math.floor(axis / TILE_COLUMNS) * TILE_COLUMNS * n + (axis % TILE_COLUMNS);
      for (let k = 0; k < n; k++) axes[tile + k * TILE_COLUMNS] = vectors[axis * n + k]!;
    }
    const { flags, at, bytes } = this.#rooms;
    for (const [side, count] of [
      [this.#rows, rowCount],
      [this.#columns, columnCount],
    ] as const) {
      const integers = [side.at, count, n, this.#at.axes, flags, at, ROOMS, bytes];
      team.run('turnRowsTask', Math.ceil(count / TURNED_ROWS), { integers });
    }
  }
}

/** Sum of each row's weights. */
function rowWeights({ start, weights }: SparseRows): Float64Array {
  return Float64Array.from({ length: start.length - 1 }, (_, row) => {
    let sum = 0;
    for (let at = start[row]!; at < start[row + 1]!; at++) sum += weights[at]!;
    return sum;
  });
}
