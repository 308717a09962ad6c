import { emptyHeap, replaceWorst, sortHeap } from './best-heap';

/**
 * The items of highest score, best first; of equal scores the lower index first. −Infinity and NaN are left out. Sixteen scores are passed over
 * at a time while none of them is better than the worst kept.
 *
 * @param scores f32, shape (count), `count` a multiple of 16.
 * @param kept   f32, shape (k), and
 * @param best   i32, shape (k), k > 0: what was found and its scores; −1 where fewer were.
 */
export function topK(scores: usize, count: i32, k: i32, kept: usize, best: usize): void {
  emptyHeap(k, kept, best);
  for (let block = 0; block < count; block += 16) {
    if (!hasBetter(scores + ((<usize>block) << 2), load<f32>(kept))) continue;
    for (let item = block; item < block + 16; item++) {
      const score = load<f32>(scores + ((<usize>item) << 2));
      if (score > load<f32>(kept)) replaceWorst(score, item, k, kept, best);
    }
  }
  sortHeap(k, kept, best);
}

// @ts-ignore: decorator
@inline
function hasBetter(scores: usize, worst: f32): bool {
  const bar = f32x4.splat(worst);
  const a = v128.or(f32x4.gt(v128.load(scores), bar), f32x4.gt(v128.load(scores, 16), bar));
  const b = v128.or(f32x4.gt(v128.load(scores, 32), bar), f32x4.gt(v128.load(scores, 48), bar));
  return v128.any_true(v128.or(a, b));
}
