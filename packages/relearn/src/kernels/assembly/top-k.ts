/**
 * The items of highest score, best first; of equal scores the lower index first. −Infinity and NaN are left out.
 *
 * @param scores f32, shape (count).
 * @param best   i32, shape (k); filled from the front.
 * @returns how many were found, at most `k`.
 */
export function topK(scores: usize, count: i32, k: i32, best: usize): i32 {
  let size = 0;
  let worst = -f32.MAX_VALUE * 2;
  for (let item = 0; item < count; item++) {
    const score = load<f32>(scores + ((<usize>item) << 2));
    if (!(score > worst)) continue;
    if (size < k) size++;
    let at = size - 1;
    while (at > 0) {
      const before = load<i32>(best + ((<usize>(at - 1)) << 2));
      if (load<f32>(scores + ((<usize>before) << 2)) >= score) break;
      store<i32>(best + ((<usize>at) << 2), before);
      at--;
    }
    store<i32>(best + ((<usize>at) << 2), item);
    if (size == k) worst = load<f32>(scores + ((<usize>load<i32>(best + ((<usize>(k - 1)) << 2))) << 2));
  }
  return size;
}
