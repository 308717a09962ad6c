/**
 * The `k` items of highest score, best first; of equal scores the lower index first. Items scored −Infinity or NaN are left out: that is
 * how an item is excluded. O(items + k · log k · rare), allocates the answer.
 *
 * @param scores shape (itemCount).
 */
export function topK(scores: Float32Array, k: number): Int32Array {
  const heap = new Int32Array(Math.min(k, scores.length));
  let size = 0;
  let worst = Number.NEGATIVE_INFINITY;
  if (heap.length === 0) return heap;
  for (let item = 0; item < scores.length; item++) {
    const score = scores[item]!;
    if (!(score > worst)) continue;
    if (size < heap.length) heap[size++] = item;
    else heap[0] = item;
    if (size < heap.length) continue;
    if (worst === Number.NEGATIVE_INFINITY) for (let at = (size >> 1) - 1; at >= 0; at--) sink(heap, at, scores);
    else sink(heap, 0, scores);
    worst = scores[heap[0]!]!;
  }
  return heap.subarray(0, size).sort((a, b) => scores[b]! - scores[a]! || a - b);
}

/** Restores the heap whose root is the worst kept: lowest score, of equals the highest index. */
function sink(heap: Int32Array, from: number, scores: Float32Array): void {
  const moving = heap[from]!;
  let at = from;
  for (let child = 2 * at + 1; child < heap.length; child = 2 * at + 1) {
    if (child + 1 < heap.length && isWorse(heap[child + 1]!, heap[child]!, scores)) child++;
    if (!isWorse(heap[child]!, moving, scores)) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = moving;
}

function isWorse(a: number, b: number, scores: Float32Array): boolean {
  return scores[a]! < scores[b]! || (scores[a] === scores[b] && a > b);
}
