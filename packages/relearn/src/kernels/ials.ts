import type { CompiledKernels } from './compiled-kernels.ts';
import type { Kernels } from './kernels.ts';
import { LeastSquaresRows, ROOMS, type Rooms, takeRooms } from './least-squares-rows.ts';
import { instantiateKernels, Layout, takeMemory } from './load-kernels.ts';
import type { SparseRows } from './sparse-rows.ts';
import { SymmetricEigen } from './symmetric-eigen.ts';
import { Team, type ThreadPool } from './thread-pool.ts';

/** Rows of a task, columns of a packed tile and parts of a Gram matrix: as in `assembly/ials.ts`. */
const BLOCK_ROWS = 96;
const TILE_COLUMNS = 8;
const PARTS = 16;
/** A room holds two packed blocks, one of them filled up to whole tiles. */
const ROOM_MORE = 6;

/** Length of a random row to begin with. */
const FIRST_LENGTH = 0.1;

export interface AlternatingOptions {
  /** A multiple of 16. */
  readonly factorCount: number;
  readonly unobservedWeight: number;
  /** Of a row or a column whose entries' weights sum up to `weight`, among so many. */
  ridge(this: void, weight: number, amongCount: number): number;
  /** Steps of conjugate gradients for each row, at each epoch anew from 0; but the first epoch, against what is still by chance, takes none. */
  readonly stepCount: number;
  readonly seed: number;
  readonly pool?: ThreadPool | undefined;
  /** Kernels of the caller's thread. */
  readonly compiled?: CompiledKernels | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Factors of one side, on the axes of their Gram matrix. */
export interface TurnedFactors {
  /** f32 row-major, shape (rowCount, factorCount). */
  readonly factors: Float32Array;
  /** Mean square along each axis; f32, shape (factorCount). */
  readonly moments: Float32Array;
}

/** A side as it lies in memory. */
interface Side {
  readonly rows: LeastSquaresRows;
  readonly count: number;
}

/**
 * Alternating least squares for implicit feedback: `Σ w (u·v − 1)²` over the entries, `unobservedWeight · Σ (u·v)²` over all pairs, and a ridge for each row. Before a side is
 * solved, the other is turned to the axes of its Gram matrix, which becomes a diagonal: it costs next to nothing, and makes a preconditioner that two steps from 0 come as near
 * with as exact solutions. O(entries · factorCount · stepCount + (rows + columns) · factorCount²) an epoch. The same bits whatever the threads.
 *
 * Source: Hu, Koren & Volinsky 2008; conjugate gradients: Takács, Pilászy & Tikk 2011; ridges: Rendle et al. 2022.
 */
export class AlternatingLeastSquares {
  readonly #options: AlternatingOptions;
  readonly #memory: WebAssembly.Memory;
  readonly #kernels: Kernels;
  readonly #rows: Side;
  readonly #columns: Side;
  readonly #rooms: Rooms;
  readonly #at: Record<'parts' | 'moments' | 'axes', number>;
  readonly #eigen: SymmetricEigen;
  #epochsDone = 0;
  /** The side that lies on the axes of its Gram matrix, and whose moments are written. */
  #turned: Side | undefined;

  /** @throws RangeError naming the bytes when one memory cannot hold it. */
  constructor(entries: SparseRows, columnCount: number, options: AlternatingOptions) {
    const { factorCount, compiled } = options;
    const rowCount = entries.start.length - 1;
    const layout = new Layout();
    const side = (count: number): Side => {
      const shape = { factorCount, rowCountMax: count, entryCountMax: entries.items.length };
      return { rows: new LeastSquaresRows(layout, shape), count };
    };
    this.#rows = side(rowCount);
    this.#columns = side(columnCount);
    this.#rooms = takeRooms(layout, BLOCK_ROWS * (2 * factorCount + ROOM_MORE) * 4);
    this.#at = {
      parts: layout.take(PARTS * factorCount ** 2 * 4),
      moments: layout.take(factorCount * 4),
      axes: layout.take(factorCount ** 2 * 4),
    };
    this.#memory = takeMemory(layout.sizeBytes, `${factorCount} factors of ${rowCount} by ${columnCount}`);
    this.#kernels = instantiateKernels(this.#memory, compiled);
    this.#options = options;
    this.#eigen = new SymmetricEigen(factorCount, compiled);
    const ridges = (weights: Float64Array, amongCount: number) =>
      weights.map((weight) => options.ridge(weight, amongCount));
    const { rows, columns } = weightSums(entries, columnCount);
    for (const side of [this.#rows, this.#columns]) side.rows.lieIn(this.#memory);
    this.#rows.rows.write(entries, ridges(rows, columnCount));
    this.#columns.rows.writeColumns(entries, ridges(columns, rowCount));
    this.#draw();
  }

  /** Solves the rows, then the columns. @throws the signal's reason when it aborts. */
  epoch(): void {
    this.#solve(this.#rows, this.#columns);
    this.#solve(this.#columns, this.#rows);
    this.#epochsDone++;
  }

  /** The columns' factors; what rows are solved against. */
  columns(): TurnedFactors {
    const { rows, count } = this.#columns;
    this.#turn(this.#columns);
    const { buffer } = this.#memory;
    const moments = new Float32Array(buffer, this.#at.moments, this.#options.factorCount);
    return { factors: rows.factors(count).slice(), moments: moments.slice() };
  }

  /** The columns begin anywhere. */
  #draw(): void {
    const { factorCount, seed } = this.#options;
    const { rows, count } = this.#columns;
    const reals = [(FIRST_LENGTH * Math.sqrt(3 / factorCount)) / 2 ** 31];
    this.#together((team) => {
      team.run('drawRowsTask', Math.ceil(count / BLOCK_ROWS), { integers: [rows.at, count, factorCount, seed], reals });
    });
  }

  #solve(solved: Side, fixed: Side): void {
    const { unobservedWeight, stepCount, signal } = this.#options;
    this.#turn(fixed);
    const against = { at: fixed.rows.at, moments: this.#at.moments, unobserved: unobservedWeight * fixed.count };
    const steps = this.#epochsDone === 0 ? 0 : stepCount;
    this.#together((team) => solved.rows.solve(team, against, { rooms: this.#rooms, stepCount: steps }));
    signal?.throwIfAborted();
  }

  /** Turns a side to the axes of its Gram matrix, and writes its mean square along each. */
  #turn(side: Side): void {
    if (side === this.#turned) return;
    const { rows, count } = side;
    const { factorCount: n, pool, signal } = this.#options;
    const { parts, moments, axes } = this.#at;
    const { flags, at, bytes } = this.#rooms;
    const room = [flags, at, ROOMS, bytes];
    this.#together((team) => team.run('gramPartTask', PARTS, { integers: [rows.at, count, n, parts, ...room] }));
    const { values, vectors } = this.#eigen.decompose(this.#gram(), { pool, signal });
    const { buffer } = this.#memory;
    new Float32Array(buffer, moments, n).set(values.map((value) => Math.max(0, value) / Math.max(1, count)));
    packAxes(vectors, new Float32Array(buffer, axes, n * n));
    const integers = [rows.at, count, n, axes, ...room];
    this.#together((team) => team.run('turnRowsTask', Math.ceil(count / BLOCK_ROWS), { integers }));
    this.#turned = side;
  }

  /** The sum of the parts. */
  #gram(): Float64Array {
    const { factorCount: n } = this.#options;
    const gram = new Float64Array(n * n);
    for (let part = 0; part < PARTS; part++) {
      const values = new Float32Array(this.#memory.buffer, this.#at.parts + part * n * n * 4, n * n);
      for (let row = 0; row < n; row++) {
        for (let at = row * n; at <= row * n + row; at++) gram[at]! += values[at]!;
      }
    }
    for (let row = 1; row < n; row++) {
      for (let column = 0; column < row; column++) gram[column * n + row] = gram[row * n + column]!;
    }
    return gram;
  }

  #together(work: (team: Team) => void): void {
    const { pool } = this.#options;
    const team = pool ? pool.join(this.#memory, this.#kernels) : new Team(this.#memory, this.#kernels);
    try {
      work(team);
    } finally {
      team.dismiss();
    }
  }
}

/** Axes as columns, in tiles of 8, shape (n / 8, n, 8). */
function packAxes(vectors: Float64Array, packed: Float32Array): void {
  const n = Math.sqrt(packed.length);
  for (let axis = 0; axis < n; axis++) {
    const tile = Math.floor(axis / TILE_COLUMNS) * TILE_COLUMNS * n + (axis % TILE_COLUMNS);
    for (let k = 0; k < n; k++) packed[tile + k * TILE_COLUMNS] = vectors[axis * n + k]!;
  }
}

/** What each row's entries weigh together, and each column's. */
function weightSums({ start, items, weights }: SparseRows, columnCount: number) {
  const rows = new Float64Array(start.length - 1);
  const columns = new Float64Array(columnCount);
  for (let row = 0, at = 0; row < rows.length; row++) {
    let sum = 0;
    for (const end = start[row + 1]!; at < end; at++) {
      const weight = weights[at]!;
      sum += weight;
      columns[items[at]!]! += weight;
    }
    rows[row] = sum;
  }
  return { rows, columns };
}
