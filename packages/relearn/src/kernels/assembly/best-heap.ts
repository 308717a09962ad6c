/*
 * The best of many scores, with their places, as a heap whose first is the worst kept: f32 `scores` and i32 `places`, both of shape (keep). Of equal scores the
 * higher place is worse.
 */

/** Begins with none: −Infinity at place −1, which all are better than. */
export function emptyHeap(keep: i32, scores: usize, places: usize): void {
  memory.fill(places, 0xff, (<usize>keep) << 2);
  for (const end = scores + ((<usize>keep) << 2); scores < end; scores += 4) store<f32>(scores, -Infinity);
}

/** Puts an item that is better in the place of the worst kept. O(log keep). */
export function replaceWorst(score: f32, place: i32, keep: i32, scores: usize, places: usize): void {
  let at = 0;
  for (let child = 1; child < keep; child = 2 * at + 1) {
    if (child + 1 < keep && isWorse(child + 1, child, scores, places)) child++;
    const other = scoreAt(child, scores);
    const otherPlace = placeAt(child, places);
    if (other > score || (other == score && otherPlace < place)) break;
    put(at, other, otherPlace, scores, places);
    at = child;
  }
  put(at, score, place, scores, places);
}

/** Sorts the heap in place, best first. O(keep · log keep). */
export function sortHeap(keep: i32, scores: usize, places: usize): void {
  for (let last = keep - 1; last > 0; last--) {
    const score = scoreAt(last, scores);
    const place = placeAt(last, places);
    put(last, scoreAt(0, scores), placeAt(0, places), scores, places);
    replaceWorst(score, place, last, scores, places);
  }
}

// @ts-ignore: decorator
@inline
function isWorse(one: i32, other: i32, scores: usize, places: usize): bool {
  const a = scoreAt(one, scores);
  const b = scoreAt(other, scores);
  return a < b || (a == b && placeAt(one, places) > placeAt(other, places));
}

// @ts-ignore: decorator
@inline
function scoreAt(at: i32, scores: usize): f32 {
  return load<f32>(scores + ((<usize>at) << 2));
}

// @ts-ignore: decorator
@inline
function placeAt(at: i32, places: usize): i32 {
  return load<i32>(places + ((<usize>at) << 2));
}

// @ts-ignore: decorator
@inline
function put(at: i32, score: f32, place: i32, scores: usize, places: usize): void {
  store<f32>(scores + ((<usize>at) << 2), score);
  store<i32>(places + ((<usize>at) << 2), place);
}
