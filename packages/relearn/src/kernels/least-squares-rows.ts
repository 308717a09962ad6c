import type { Layout } from './load-kernels.ts';
import type { SparseRows } from './sparse-rows.ts';
import type { Team } from './thread-pool.ts';

/** Entries are read in groups of so many. */
const GROUP = 4;
/** What a row costs beside its entries, in entries. */
const ROW_COST = 12;
/** Tasks that the rows of a side are shared out among: many, so that the last one ends soon after the others. */
const TASKS_MAX = 256;

/** Threads at most: each needs a room of its own. */
export const ROOMS = 64;

/** Where the rooms of threads lie: for each a flag, i32, then its bytes. */
export interface Rooms {
  readonly flags: number;
  readonly at: number;
  readonly bytes: number;
}

/** Takes rooms of so many bytes for each thread. */
export function takeRooms(layout: Layout, bytes: number): Rooms {
  return { flags: layout.take(ROOMS * 4), at: layout.take(ROOMS * bytes), bytes };
}

/** What the rows of a side are solved against. */
export interface FixedRows {
  /** f32, shape (rows, factorCount), on the axes of its Gram matrix. */
  readonly at: number;
  /** f32, shape (factorCount): mean square along each axis. */
  readonly moments: number;
  /** What all rows together weigh where they are not observed. */
  readonly unobserved: number;
}

export interface SideOptions {
  readonly factorCount: number;
  readonly rowCountMax: number;
  readonly entryCountMax: number;
}

/**
 * Rows of factors and the entries that they are solved for, in a memory: each row x becomes the minimum of `Σ wⱼ (x·yⱼ − 1)² + x·(unobserved · moments + ridge) x` over its
 * entries, or near it. Addresses as `assembly/ials.ts` is told them.
 */
export class LeastSquaresRows {
  readonly #factorCount: number;
  readonly #at: Record<'factors' | 'start' | 'places' | 'weights' | 'ridges' | 'bounds', number>;
  #memory: WebAssembly.Memory | undefined;
  #taskCount = 0;

  constructor(layout: Layout, { factorCount, rowCountMax, entryCountMax }: SideOptions) {
    this.#factorCount = factorCount;
    const groups = Math.ceil(entryCountMax / GROUP) + rowCountMax;
    this.#at = {
      factors: layout.take(rowCountMax * factorCount * 4),
      start: layout.take((rowCountMax + 1) * 4),
      places: layout.take(groups * GROUP * 4),
      weights: layout.take(groups * GROUP * 4),
      ridges: layout.take(rowCountMax * 4),
      bounds: layout.take((TASKS_MAX + 1) * 4),
    };
  }

  /** Address of the factors, f32 row-major, shape (rowCount, factorCount). */
  get at(): number {
    return this.#at.factors;
  }

  /** Where the memory is; before anything is written. */
  lieIn(memory: WebAssembly.Memory): void {
    this.#memory = memory;
  }

  factors(rowCount: number): Float32Array {
    return new Float32Array(this.#buffer, this.#at.factors, rowCount * this.#factorCount);
  }

  /** Writes what the rows are solved for. @param ridges shape (rowCount). */
  write({ start, items, weights }: SparseRows, ridges: ArrayLike<number>): void {
    const rowCount = start.length - 1;
    const lengths = Int32Array.from({ length: rowCount }, (_, row) => start[row + 1]! - start[row]!);
    const { starts, places, written } = this.#room(lengths, ridges);
    const bytes = this.#factorCount * 4;
    for (let row = 0, entry = 0; row < rowCount; row++) {
      const end = start[row + 1]!;
      let to = starts[row]!;
      for (; entry < end; entry++, to++) {
        places[to] = items[entry]! * bytes;
        written[to] = weights[entry]!;
      }
      fillUp(to, starts[row + 1]!, places, written);
    }
  }

  /** Writes what the rows are solved for, where these are the columns of the entries. @param ridges shape (columns). */
  writeColumns({ start, items, weights }: SparseRows, ridges: ArrayLike<number>): void {
    const entryCount = start.at(-1) ?? 0;
    const lengths = new Int32Array(ridges.length);
    for (let entry = 0; entry < entryCount; entry++) lengths[items[entry]!]!++;
    const { starts, places, written } = this.#room(lengths, ridges);
    const bytes = this.#factorCount * 4;
    const free = Int32Array.from(starts);
    for (let row = 0, entry = 0; row + 1 < start.length; row++) {
      for (const end = start[row + 1]!; entry < end; entry++) {
        const item = items[entry]!;
        const to = free[item]!;
        free[item] = to + 1;
        places[to] = row * bytes;
        written[to] = weights[entry]!;
      }
    }
    for (let item = 0; item < lengths.length; item++) fillUp(free[item]!, starts[item + 1]!, places, written);
  }

  /** Where the entries of rows of such lengths go. */
  #room(lengths: Int32Array, ridges: ArrayLike<number>) {
    const at = this.#at;
    new Float32Array(this.#buffer, at.ridges, lengths.length).set(ridges);
    const starts = new Int32Array(this.#buffer, at.start, lengths.length + 1);
    for (const [row, length] of lengths.entries()) starts[row + 1] = starts[row]! + Math.ceil(length / GROUP) * GROUP;
    this.#taskCount = shareOut(starts, new Int32Array(this.#buffer, at.bounds, TASKS_MAX + 1));
    const end = starts[lengths.length]!;
    const places = new Uint32Array(this.#buffer, at.places, end);
    const written = new Float32Array(this.#buffer, at.weights, end);
    return { starts, places, written };
  }

  /** Solves for all rows by so many steps of conjugate gradients from 0; 0 is the preconditioner alone. */
  solve(team: Team, fixed: FixedRows, { rooms, stepCount }: { rooms: Rooms; stepCount: number }): void {
    const { factors, start, places, weights, ridges, bounds } = this.#at;
    const entries = [start, places, weights, ridges, fixed.moments, bounds];
    const room = [rooms.flags, rooms.at, ROOMS, rooms.bytes];
    const integers = [factors, fixed.at, this.#factorCount, ...entries, ...room, stepCount];
    team.run('solveRowsTask', this.#taskCount, { integers, reals: [fixed.unobserved] });
  }

  get #buffer(): ArrayBufferLike {
    return this.#memory!.buffer;
  }
}

/** What fills a row's last group up weighs nothing. */
function fillUp(from: number, to: number, places: Uint32Array, weights: Float32Array): void {
  for (let at = from; at < to; at++) {
    places[at] = 0;
    weights[at] = 0;
  }
}

/** Cuts rows into tasks of about the same cost; returns how many they are. */
function shareOut(starts: Int32Array, bounds: Int32Array): number {
  const rowCount = starts.length - 1;
  const taskCount = Math.min(TASKS_MAX, rowCount);
  const total = starts[rowCount]! + ROW_COST * rowCount;
  let row = 0;
  for (let task = 1; task <= taskCount; task++) {
    while (row < rowCount && starts[row]! + ROW_COST * row < (total * task) / taskCount) row++;
    bounds[task] = task === taskCount ? rowCount : row;
  }
  return taskCount;
}
