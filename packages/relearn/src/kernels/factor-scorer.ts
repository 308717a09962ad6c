import type { CompiledKernels } from './compiled-kernels.ts';
import type { Kernels } from './kernels.ts';
import { instantiateKernels, Layout, takeMemory } from './load-kernels.ts';
import { Team, type ThreadPool } from './thread-pool.ts';

/** Most vectors that one round scores. */
const VECTORS_MAX = 96;

/** Depth packed at a time, rows of a packing task and columns of a product: as in `assembly/matrix-product.ts`. */
const DEPTH_MAX = 384;
const PACKED_ROWS = 96;
const TASK_COLUMNS = 256;

/** Below every column minus row: the whole product is wanted. */
const NO_TRIANGLE = -(2 ** 30);

export interface FactorScorerOptions {
  /** Threads that {@link FactorScorer.score} shares work with; the caller's own alone when left out. */
  readonly pool?: ThreadPool | undefined;
  /** Kernels of the caller's thread. */
  readonly compiled?: CompiledKernels | undefined;
}

/**
 * Vectors of items in a memory of its own, packed for products: `scores = vectors · factorsᵀ`. Many vectors at once cost about 2 · itemCount · factorCount operations each, at some
 * 60 billion a second and thread; one alone costs as much as six. The same bits alone as among others, whatever the threads.
 */
export class FactorScorer {
  readonly itemCount: number;
  readonly factorCount: number;
  readonly #memory: WebAssembly.Memory;
  readonly #kernels: Kernels;
  readonly #pool: ThreadPool | undefined;
  readonly #at: Record<'factors' | 'vectors' | 'packed' | 'scores', number>;
  /** Items filled up with zeros to a multiple of 8. */
  readonly #stride: number;

  /**
   * @param factors f32 row-major, shape (itemCount, factorCount); copied.
   * @throws RangeError when the factors need more than one memory holds.
   */
  constructor(factors: Float32Array, factorCount: number, { pool, compiled }: FactorScorerOptions = {}) {
    const itemCount = factorCount === 0 ? 0 : factors.length / factorCount;
    this.#stride = Math.ceil(itemCount / 8) * 8;
    const layout = new Layout();
    const packed = VECTORS_MAX * Math.min(DEPTH_MAX, factorCount) * 4;
    this.#at = {
      factors: layout.take(this.#stride * factorCount * 4),
      vectors: layout.take(VECTORS_MAX * factorCount * 4),
      packed: layout.take(packed),
      scores: layout.take(VECTORS_MAX * itemCount * 4),
    };
    this.#memory = takeMemory(layout.sizeBytes, `${factorCount} factors of ${itemCount} items`);
    this.#kernels = instantiateKernels(this.#memory, compiled);
    this.#pool = pool;
    [this.itemCount, this.factorCount] = [itemCount, factorCount];
    this.#write(factors);
  }

  /**
   * @param vectors f32 row-major, shape (count, factorCount).
   * @param scores f32 row-major, shape (count, itemCount); overwritten.
   */
  score(vectors: Float32Array, scores: Float32Array): void {
    const count = this.factorCount === 0 ? 0 : vectors.length / this.factorCount;
    if (count * this.itemCount === 0) return void scores.fill(0);
    const isShared = this.#pool !== undefined && count > 1;
    const team = isShared ? this.#pool.join(this.#memory, this.#kernels) : new Team(this.#memory, this.#kernels);
    try {
      for (let from = 0; from < count; from += VECTORS_MAX) {
        const part = vectors.subarray(from * this.factorCount, (from + VECTORS_MAX) * this.factorCount);
        scores.set(this.#scorePart(team, part), from * this.itemCount);
      }
    } finally {
      team.dismiss();
    }
  }

  #scorePart(team: Team, vectors: Float32Array): Float32Array {
    const { itemCount, factorCount } = this;
    const count = vectors.length / factorCount;
    this.#f32('vectors', vectors.length).set(vectors);
    const at = this.#at;
    for (let from = 0; from < factorCount; from += DEPTH_MAX) {
      const depth = Math.min(DEPTH_MAX, factorCount - from);
      const packing = [at.vectors + from * 4, factorCount, 1, count, at.packed, 0, 0, 0, 0, 0, depth, 1];
      team.run('packPanelTask', Math.ceil(count / PACKED_ROWS), { integers: packing });
      const factors = at.factors + this.#stride * from * 4;
      const product = [
        at.scores,
        itemCount,
        at.packed,
        factors,
        depth,
        count,
        itemCount,
        Number(from > 0),
        NO_TRIANGLE,
      ];
      team.run('productTask', Math.ceil(itemCount / TASK_COLUMNS), { integers: product });
    }
    return this.#f32('scores', count * itemCount);
  }

  /** Into blocks of the depth, shape (itemCount / 8, depth, 8) each. */
  #write(factors: Float32Array): void {
    const { itemCount, factorCount } = this;
    const packed = this.#f32('factors', this.#stride * factorCount);
    for (let from = 0; from < factorCount; from += DEPTH_MAX) {
      const depth = Math.min(DEPTH_MAX, factorCount - from);
      for (let item = 0; item < itemCount; item++) {
        const tile = this.#stride * from + (item - (item % 8)) * depth + (item % 8);
        for (let k = 0; k < depth; k++) packed[tile + k * 8] = factors[item * factorCount + from + k]!;
      }
    }
  }

  #f32(name: 'factors' | 'vectors' | 'scores', length: number): Float32Array {
    return new Float32Array(this.#memory.buffer, this.#at[name], length);
  }
}
