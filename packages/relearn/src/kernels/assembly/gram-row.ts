import { address } from './round';

/*
 * A row of the Gram matrix G = XᵀX of a sparse matrix X of users by items. The first that a round is told is X by columns and by rows, compressed: starts i32, then
 * places i32 and weights f32.
 */
export const TAKER_START = 0, TAKERS = 1, TAKER_WEIGHTS = 2, ROW_START = 3, ROW_ITEMS = 4, ROW_WEIGHTS = 5;

/**
 * Adds the item's row of G to `sums`, f32, and lists in `touched`, i32, the items whose sums are no longer 0; returns how many they are. Both have room for all items, and
 * the sums are all 0 before.
 */
export function sumTogether(item: i32, sums: usize, touched: usize): i32 {
  const items = address(ROW_ITEMS), weights = address(ROW_WEIGHTS);
  let end = touched;
  const last = valueAt(TAKER_START, item + 1);
  for (let taker = valueAt(TAKER_START, item); taker < last; taker++) {
    const user = valueAt(TAKERS, taker);
    const weight = realAt(TAKER_WEIGHTS, taker);
    const rowEnd = valueAt(ROW_START, user + 1);
    for (let at = valueAt(ROW_START, user); at < rowEnd; at++) {
      const other = load<i32>(cell(items, at));
      const place = cell(sums, other);
      const sum = load<f32>(place);
      const product = weight * load<f32>(cell(weights, at));
      if (sum == 0) {
        // A product too small for f32 would list the item once more for each taker, beyond the room there is.
        if (product == 0) continue;
        store<i32>(end, other);
        end += 4;
      }
      store<f32>(place, sum + product);
    }
  }
  return <i32>((end - touched) >> 2);
}

/** Makes the sums all 0 again. */
export function clearTouched(count: i32, sums: usize, touched: usize): void {
  for (let i = 0; i < count; i++) store<f32>(cell(sums, load<i32>(cell(touched, i))), 0);
}

// @ts-ignore: decorator
@inline
export function cell(list: usize, at: i32): usize {
  return list + ((<usize>at) << 2);
}

/** Of a list whose address the round is told. */
// @ts-ignore: decorator
@inline
export function valueAt(list: i32, at: i32): i32 {
  return load<i32>(cell(address(list), at));
}

// @ts-ignore: decorator
@inline
export function realAt(list: i32, at: i32): f32 {
  return load<f32>(cell(address(list), at));
}
