import { emptyHeap, replaceWorst, sortHeap } from './best-heap';
import { cell, clearTouched, realAt, sumTogether } from './gram-row';
import { address, integer, real } from './round';

/*
 * The items most like each: of largest `G_ij / (norm_i · norm_j + shrink)`, G as in `gram-row.ts`, which says what a round is told first.
 */

/** Norms, f32; how many items there are and how many of each are kept; 1 where an item is like itself, else 0. */
const NORMS = 6, ITEM_COUNT = 7, KEPT_COUNT = 8, WITH_ITSELF = 9;

/** Work space of task 0 and bytes of each, its sums all 0 before and after; the first item of the round and items of each task. */
const ROOM = 10, ROOM_BYTES = 11, FIRST_ITEM = 12, TASK_ITEMS = 13;

/** What is found for each of the round's items, best first, of equals the lower number first: items i32, −1 where there are fewer, and likenesses f32, then 0; both of shape (items, kept). */
const KEPT_ITEMS = 14, KEPT_LIKENESSES = 15;

/** The only real number. */
const SHRINK = 0;

export function likeItemsTask(task: i32): void {
  const sums = address(ROOM) + <usize>task * address(ROOM_BYTES);
  const touched = cell(sums, integer(ITEM_COUNT));
  const first = task * integer(TASK_ITEMS);
  const last = min(first + integer(TASK_ITEMS), integer(ITEM_COUNT) - integer(FIRST_ITEM));
  for (let at = first; at < last; at++) {
    const item = integer(FIRST_ITEM) + at;
    const touchedCount = sumTogether(item, sums, touched);
    keepMostLike(item, at, touchedCount, sums, touched);
    clearTouched(touchedCount, sums, touched);
  }
}

function keepMostLike(item: i32, at: i32, touchedCount: i32, sums: usize, touched: usize): void {
  const keep = integer(KEPT_COUNT);
  const from = (<usize>at * <usize>keep) << 2;
  const items = address(KEPT_ITEMS) + from, likenesses = address(KEPT_LIKENESSES) + from;
  const left = integer(WITH_ITSELF) ? -1 : item;
  const norm = realAt(NORMS, item), shrink = real(SHRINK);
  emptyHeap(keep, likenesses, items);
  for (let i = 0; i < touchedCount; i++) {
    const other = load<i32>(cell(touched, i));
    if (other == left) continue;
    const likeness = load<f32>(cell(sums, other)) / (norm * realAt(NORMS, other) + shrink);
    const worst = load<f32>(likenesses);
    if (likeness > worst || (likeness == worst && other < load<i32>(items))) replaceWorst(likeness, other, keep, likenesses, items);
  }
  sortHeap(keep, likenesses, items);
  for (let i = keep - 1; i >= 0 && load<i32>(cell(items, i)) < 0; i--) store<f32>(cell(likenesses, i), 0);
}
