import type { CompiledKernels } from './compiled-kernels.ts';
import type { Kernels } from './kernels.ts';
import { instantiateKernels, Layout, takeMemory } from './load-kernels.ts';
import { type SparseRows, transposed } from './sparse-rows.ts';
import { Team, type ThreadPool } from './thread-pool.ts';

const TASK_ITEMS = 8;
/** Tasks of a round; each has a work space of its own. */
const TASKS_MAX = 32;

export interface LikeItemsOptions {
  /** Items kept for each, at most. */
  readonly keptCount: number;
  /** f32, shape (itemCount); 0 for all unless said. */
  readonly norms?: Float32Array | undefined;
  /** Added to the product of norms; 1 unless said. */
  readonly shrink?: number | undefined;
  /** Whether an item is like itself. */
  readonly withItself?: boolean | undefined;
  readonly pool?: ThreadPool | undefined;
  /** Kernels of the caller's thread. */
  readonly compiled?: CompiledKernels | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Shape (itemCount, keptCount), best first, of equals the lower number first, padded by −1 and 0. */
export interface LikeItems {
  readonly items: Int32Array;
  readonly likenesses: Float32Array;
}

/**
 * The items most like each, of those that any row has beside it: of largest `G_ij / (norm_i · norm_j + shrink)`, G = XᵀX. O(Σ row length² + touched items · log keptCount) time,
 * 16 bytes an entry beside what is returned. The same bits whatever the threads.
 *
 * @param rows X, weights above 0, each column once a row.
 * @throws RangeError naming the bytes when one memory cannot hold it; the signal's reason when it aborts.
 */
export function likeItems(rows: SparseRows, itemCount: number, options: LikeItemsOptions): LikeItems {
  const { keptCount, pool, signal } = options;
  const items = new Int32Array(itemCount * keptCount).fill(-1);
  const likenesses = new Float32Array(items.length);
  if (items.length === 0) return { items, likenesses };
  const search = new LikenessSearch(rows, itemCount, options);
  const team = search.join(pool);
  try {
    for (let first = 0; first < itemCount; first += TASKS_MAX * TASK_ITEMS) {
      signal?.throwIfAborted();
      const found = search.run(team, first);
      items.set(found.items, first * keptCount);
      likenesses.set(found.likenesses, first * keptCount);
    }
  } finally {
    team.dismiss();
  }
  return { items, likenesses };
}

/** X both ways, and what is found for the items of a round, in a memory of their own. */
class LikenessSearch {
  readonly #itemCount: number;
  readonly #keptCount: number;
  readonly #memory: WebAssembly.Memory;
  readonly #kernels: Kernels;
  /** Numbers that all rounds are told first: see `assembly/like-items.ts`. */
  readonly #integers: readonly number[];
  readonly #shrink: number;
  readonly #at: Record<'items' | 'likenesses', number>;

  constructor(
    rows: SparseRows,
    itemCount: number,
    { keptCount, norms, shrink = 1, withItself = false, compiled }: LikeItemsOptions,
  ) {
    this.#itemCount = itemCount;
    this.#keptCount = keptCount;
    this.#shrink = shrink;
    const layout = new Layout();
    const sizes = [itemCount + 1, rows.items.length, rows.items.length];
    const takersAt = sizes.map((size) => layout.take(4 * size));
    const rowsAt = [rows.start, rows.items, rows.weights].map(({ byteLength }) => layout.take(byteLength));
    const normsAt = layout.take(4 * itemCount);
    const roomBytes = Math.ceil((8 * itemCount) / 16) * 16;
    const room = layout.take(TASKS_MAX * roomBytes);
    const keptBytes = TASKS_MAX * TASK_ITEMS * keptCount * 4;
    this.#at = { items: layout.take(keptBytes), likenesses: layout.take(keptBytes) };
    this.#memory = takeMemory(layout.sizeBytes, `${keptCount} neighbours for each of ${itemCount} items`);
    this.#kernels = instantiateKernels(this.#memory, compiled);
    this.#write(takersAt, transposed(rows, itemCount));
    this.#write(rowsAt, rows);
    if (norms) new Float32Array(this.#memory.buffer, normsAt, itemCount).set(norms);
    this.#integers = [...takersAt, ...rowsAt, normsAt, itemCount, keptCount, Number(withItself), room, roomBytes];
  }

  join(pool: ThreadPool | undefined): Team {
    return pool ? pool.join(this.#memory, this.#kernels) : new Team(this.#memory, this.#kernels);
  }

  /** Of the items from `first` on; it stands until the next round. */
  run(team: Team, first: number): LikeItems {
    const count = Math.min(TASKS_MAX * TASK_ITEMS, this.#itemCount - first);
    const { items, likenesses } = this.#at;
    const integers = [...this.#integers, first, TASK_ITEMS, items, likenesses];
    team.run('likeItemsTask', Math.ceil(count / TASK_ITEMS), { integers, reals: [this.#shrink] });
    const { buffer } = this.#memory;
    return {
      items: new Int32Array(buffer, items, count * this.#keptCount),
      likenesses: new Float32Array(buffer, likenesses, count * this.#keptCount),
    };
  }

  #write([startAt, itemsAt, weightsAt]: readonly number[], { start, items, weights }: SparseRows): void {
    const { buffer } = this.#memory;
    new Int32Array(buffer, startAt, start.length).set(start);
    new Int32Array(buffer, itemsAt, items.length).set(items);
    new Float32Array(buffer, weightsAt, weights.length).set(weights);
  }
}
