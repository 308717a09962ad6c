import type { CompiledKernels } from './compiled-kernels.ts';
import type { Kernels } from './kernels.ts';
import { instantiateKernels, Layout, takeMemory } from './load-kernels.ts';
import { type SparseRows, transposed } from './sparse-rows.ts';
import { Team, type ThreadPool } from './thread-pool.ts';

/** Items whose Gram matrix among themselves is held: of all others it is summed anew where it is wanted. 256 MiB. */
const POPULAR_MAX = 8_192;
const TASK_ITEMS = 8;
/** Tasks of a round; each has a work space of its own. */
const TASKS_MAX = 32;

export interface LocalRidgeOptions {
  /** Λ: added to the Gram matrix's diagonal; f32, shape (itemCount), above 0. */
  readonly ridge: Float32Array;
  /** Items that each is foretold from, at most. */
  readonly neighbourCount: number;
  /** Of their weights the strongest are kept, so many at most. */
  readonly keptCount: number;
  readonly pool?: ThreadPool | undefined;
  /** Kernels of the caller's thread. */
  readonly compiled?: CompiledKernels | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What foretells each item: shape (itemCount, keptCount), strongest anywhere, padded by −1 and 0. */
export interface LocalWeights {
  readonly neighbours: Int32Array;
  readonly weights: Float32Array;
}

/**
 * Foretells each item from those taken beside it: `w = (G_NN + Λ_NN)⁻¹ G_Nj`, G = XᵀX, N the items other than j of largest `G_ij² / (G_ii + Λ_ii)`, each of which
 * alone would foretell it best. About itemCount · neighbourCount³ / 6 multiply-adds, and Σ row length² to sum G; 4 · 8,192² bytes for G. The same bits
 * whatever the threads.
 *
 * Source: Steck 2019 (Markov random fields for collaborative filtering), one item's neighbours at a time.
 *
 * @param rows X, weights above 0, each column once a row.
 * @throws RangeError naming the bytes when one memory cannot hold it, or when a system is not positive definite; the signal's reason when it aborts.
 */
export function localRidge(rows: SparseRows, itemCount: number, options: LocalRidgeOptions): LocalWeights {
  const { keptCount, pool, signal } = options;
  const order = byPopularity(rows, itemCount);
  const found = {
    neighbours: new Int32Array(itemCount * keptCount).fill(-1),
    weights: new Float32Array(itemCount * keptCount),
  };
  if (itemCount === 0 || keptCount === 0) return found;
  const solver = new LocalSolver(renumbered(rows, order.placeOf), order.items, options);
  const team = solver.join(pool);
  try {
    solver.sumPopular(team);
    for (let first = 0; first < itemCount; first += TASKS_MAX * TASK_ITEMS) {
      signal?.throwIfAborted();
      solver.solve(team, first);
      solver.read(first, found);
    }
  } finally {
    team.dismiss();
  }
  return found;
}

/** The systems of all items, in a memory of their own. Items go by popularity. */
class LocalSolver {
  readonly #order: Int32Array;
  readonly #popularCount: number;
  readonly #counts: Pick<LocalRidgeOptions, 'neighbourCount' | 'keptCount'>;
  readonly #memory: WebAssembly.Memory;
  readonly #kernels: Kernels;
  /** Addresses in the order that a round is told them: see `assembly/local-ridge.ts`. */
  readonly #matrices: readonly number[];
  readonly #at: Record<'gram' | 'diagonal' | 'ridge' | 'room' | 'neighbours' | 'weights', number>;
  readonly #roomBytes: number;

  constructor(rows: SparseRows, order: Int32Array, { ridge, compiled, ...counts }: LocalRidgeOptions) {
    const itemCount = order.length;
    this.#order = order;
    this.#popularCount = Math.min(itemCount, POPULAR_MAX);
    this.#counts = { ...counts, neighbourCount: Math.min(counts.neighbourCount, itemCount) };
    const columns = transposed(rows, itemCount);
    const sides = [columns.start, columns.items, columns.weights, rows.start, rows.items, rows.weights];
    const layout = new Layout();
    this.#matrices = sides.map(({ byteLength }) => layout.take(byteLength));
    this.#roomBytes = roomBytes(itemCount, this.#counts.neighbourCount, compiled);
    const kept = TASKS_MAX * TASK_ITEMS * counts.keptCount * 4;
    this.#at = {
      gram: layout.take(this.#popularCount ** 2 * 4),
      diagonal: layout.take(itemCount * 4),
      ridge: layout.take(itemCount * 4),
      room: layout.take(TASKS_MAX * this.#roomBytes),
      neighbours: layout.take(kept),
      weights: layout.take(kept),
    };
    this.#memory = takeMemory(layout.sizeBytes, `${counts.neighbourCount} neighbours for each of ${itemCount} items`);
    this.#kernels = instantiateKernels(this.#memory, compiled);
    const { buffer } = this.#memory;
    for (const [place, side] of sides.entries()) {
      const at = this.#matrices[place]!;
      if (side instanceof Int32Array) new Int32Array(buffer, at, side.length).set(side);
      else new Float32Array(buffer, at, side.length).set(side);
    }
    const diagonal = new Float32Array(buffer, this.#at.diagonal, itemCount);
    for (const [at, item] of rows.items.entries()) diagonal[item]! += rows.weights[at]! ** 2;
    const ridges = new Float32Array(buffer, this.#at.ridge, itemCount);
    for (const [place, item] of order.entries()) ridges[place] = ridge[item]!;
  }

  join(pool: ThreadPool | undefined): Team {
    return pool ? pool.join(this.#memory, this.#kernels) : new Team(this.#memory, this.#kernels);
  }

  sumPopular(team: Team): void {
    team.run('gramTask', this.#popularCount, { integers: [...this.#matrices, this.#at.gram, this.#popularCount] });
  }

  /** The weights of the next items. */
  solve(team: Team, first: number): void {
    const at = this.#at;
    const { neighbourCount, keptCount } = this.#counts;
    const tasks = Math.min(TASKS_MAX, Math.ceil((this.#order.length - first) / TASK_ITEMS));
    const systems = [at.diagonal, at.ridge, this.#order.length, neighbourCount, keptCount];
    const work = [at.room, this.#roomBytes, first, TASK_ITEMS, at.neighbours, at.weights];
    const integers = [...this.#matrices, at.gram, this.#popularCount, ...systems, ...work];
    team.run('localRidgeTask', tasks, { integers });
  }

  /** Writes what was found for them, by the items' own numbers. */
  read(first: number, { neighbours, weights }: LocalWeights): void {
    const { keptCount } = this.#counts;
    const count = Math.min(TASKS_MAX * TASK_ITEMS, this.#order.length - first);
    const places = new Int32Array(this.#memory.buffer, this.#at.neighbours, count * keptCount);
    const found = new Float32Array(this.#memory.buffer, this.#at.weights, count * keptCount);
    if (Number.isNaN(found.reduce((sum, weight) => sum + weight, 0))) {
      throw new RangeError(
        'The items foretell each other too well to tell them apart: the regularisation is too small.',
      );
    }
    for (let at = 0; at < count; at++) {
      const to = this.#order[first + at]! * keptCount;
      for (let place = 0, from = at * keptCount; place < keptCount && places[from + place]! >= 0; place++) {
        neighbours[to + place] = this.#order[places[from + place]!]!;
        weights[to + place] = found[from + place]!;
      }
    }
  }
}

function roomBytes(itemCount: number, neighbourCount: number, compiled: CompiledKernels | undefined): number {
  const scratch = takeMemory(0, 'nothing');
  return Math.ceil(instantiateKernels(scratch, compiled).localRidgeRoomBytes(itemCount, neighbourCount) / 16) * 16;
}

/** Items by how many rows have them, most first; and the place of each. */
function byPopularity({ items }: SparseRows, itemCount: number): { items: Int32Array; placeOf: Int32Array } {
  const counts = new Int32Array(itemCount);
  for (const item of items) counts[item]!++;
  const order = Int32Array.from(counts.keys()).sort((a, b) => counts[b]! - counts[a]! || a - b);
  const placeOf = new Int32Array(itemCount);
  for (const [place, item] of order.entries()) placeOf[item] = place;
  return { items: order, placeOf };
}

/** Columns by their places, ascending in each row. */
function renumbered({ start, items, weights }: SparseRows, placeOf: Int32Array): SparseRows {
  const places = items.map((item) => placeOf[item]!);
  return transposed(transposed({ start, items: places, weights }, placeOf.length), start.length - 1);
}
