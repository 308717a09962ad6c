/**
 * The items of highest score, best first; of equal scores the lower index first. −Infinity and NaN are left out. Sixteen scores are passed over
 * at a time while none of them is better than the worst kept.
 *
 * @param scores f32, shape (count), `count` a multiple of 16.
 * @param best   i32, shape (k), k > 0; filled from the front.
 * @returns how many were found, at most `k`.
 */
export function topK(scores: usize, count: i32, k: i32, best: usize): i32 {
  let size = 0;
  let worst = -f32.MAX_VALUE * 2;
  for (let block = 0; block < count; block += 16) {
    if (!hasBetter(scores + ((<usize>block) << 2), worst)) continue;
    for (let item = block; item < block + 16; item++) {
      const score = load<f32>(scores + ((<usize>item) << 2));
      if (!(score > worst)) continue;
      if (size < k) size++;
      insert(scores, best, size - 1, item, score);
      if (size == k) worst = load<f32>(scores + ((<usize>load<i32>(best + ((<usize>(k - 1)) << 2))) << 2));
    }
  }
  return size;
}

// @ts-ignore: decorator
@inline
function hasBetter(scores: usize, worst: f32): bool {
  const bar = f32x4.splat(worst);
  const a = v128.or(f32x4.gt(v128.load(scores), bar), f32x4.gt(v128.load(scores, 16), bar));
  const b = v128.or(f32x4.gt(v128.load(scores, 32), bar), f32x4.gt(v128.load(scores, 48), bar));
  return v128.any_true(v128.or(a, b));
}

// @ts-ignore: decorator
@inline
function insert(scores: usize, best: usize, last: i32, item: i32, score: f32): void {
  let at = best + ((<usize>last) << 2);
  for (; at > best; at -= 4) {
    const before = load<i32>(at - 4);
    if (load<f32>(scores + ((<usize>before) << 2)) >= score) break;
    store<i32>(at, before);
  }
  store<i32>(at, item);
}
