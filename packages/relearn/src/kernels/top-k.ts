import type { Kernels } from './kernels.ts';
import { instantiateKernels, Layout, takeMemory } from './load-kernels.ts';

/** Scores read at a time. */
const LANES = 16;

/**
 * The `k` items of highest score, best first; of equal scores the lower index first. Items scored −Infinity or NaN are left out: that is
 * how an item is excluded. O(items + k · log k · log(items / k)) on scores in no order: about 5 µs for 20 of 3,000.
 *
 * @param scores shape (itemCount).
 */
export function topK(scores: Float32Array, k: number): Int32Array {
  const count = Math.min(k, scores.length);
  if (count <= 0) return new Int32Array(0);
  if (scratch === undefined || scratch.capacity < scores.length) scratch = new Scratch(2 * scores.length);
  return scratch.topK(scores, count);
}

/** Memory of this thread in which scores are looked through. */
class Scratch {
  readonly capacity: number;
  readonly #kernels: Kernels;
  readonly #at: Record<'scores' | 'kept' | 'best', number>;
  readonly #scores: Float32Array;
  readonly #best: Int32Array;

  constructor(capacity: number) {
    this.capacity = capacity;
    const layout = new Layout();
    this.#at = {
      scores: layout.take((capacity + LANES) * 4),
      kept: layout.take(capacity * 4),
      best: layout.take(capacity * 4),
    };
    const memory = takeMemory(layout.sizeBytes, `The best of ${capacity} items`);
    this.#kernels = instantiateKernels(memory);
    this.#scores = new Float32Array(memory.buffer, this.#at.scores, capacity + LANES);
    this.#best = new Int32Array(memory.buffer, this.#at.best, capacity);
  }

  topK(scores: Float32Array, k: number): Int32Array {
    const padded = Math.ceil(scores.length / LANES) * LANES;
    this.#scores.set(scores);
    this.#scores.fill(Number.NEGATIVE_INFINITY, scores.length, padded);
    this.#kernels.topK(this.#at.scores, padded, k, this.#at.kept, this.#at.best);
    const none = this.#best.subarray(0, k).indexOf(-1);
    return this.#best.slice(0, none < 0 ? k : none);
  }
}

let scratch: Scratch | undefined;
