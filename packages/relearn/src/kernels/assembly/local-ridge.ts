import { emptyHeap, replaceWorst, sortHeap } from './best-heap';
import { choleskyRoomBytes, solveSystem } from './cholesky';
import { cell, clearTouched, ROW_ITEMS, ROW_START, ROW_WEIGHTS, realAt, sumTogether, TAKER_START, TAKER_WEIGHTS, TAKERS, valueAt } from './gram-row';
import { address, integer } from './round';

/*
 * Each item foretold from the items most often taken beside it: `(G_NN + Λ) w = G_Nj`, G the Gram matrix of a sparse matrix X of users by items. Items go by
 * popularity, 0 the most taken. What a round is told, here and in `gramTask`, after X, as in `gram-row.ts`, its places ascending: G among the most popular, f32, its lower
 * triangle, row-major.
 */
const POPULAR_GRAM = 6, POPULAR_COUNT = 7;

/** G's diagonal and Λ, f32; how many items there are, neighbours of each, and weights kept. */
const DIAGONAL = 8, RIDGE = 9, ITEM_COUNT = 10, NEIGHBOUR_COUNT = 11, KEPT_COUNT = 12;

/** Work space of task 0 and bytes of each; the first item of the round and items of each task. */
const ROOM = 13, ROOM_BYTES = 14, FIRST_ITEM = 15, TASK_ITEMS = 16;

/** What becomes of each of the round's items: neighbours i32, −1 where there are fewer, and weights f32, both of shape (items, kept). */
const KEPT_ITEMS = 17, KEPT_WEIGHTS = 18;

/** Row `task` of the popular items' Gram matrix, up to its diagonal. */
export function gramTask(task: i32): void {
  const row = address(POPULAR_GRAM) + ((<usize>task * <usize>integer(POPULAR_COUNT)) << 2);
  memory.fill(row, 0, (<usize>(task + 1)) << 2);
  const last = valueAt(TAKER_START, task + 1);
  for (let taker = valueAt(TAKER_START, task); taker < last; taker++) {
    const user = valueAt(TAKERS, taker);
    const weight = realAt(TAKER_WEIGHTS, taker);
    const end = valueAt(ROW_START, user + 1);
    for (let at = valueAt(ROW_START, user); at < end; at++) {
      const item = valueAt(ROW_ITEMS, at);
      if (item > task) break;
      const cell = row + ((<usize>item) << 2);
      store<f32>(cell, load<f32>(cell) + weight * realAt(ROW_WEIGHTS, at));
    }
  }
}

/**
 * Bytes of a task's work space. It begins with sums and places of all items, which are 0 before and after, and the items touched; then a heap of neighbours,
 * one of weights, the system and what its solver needs.
 */
export function localRidgeRoomBytes(itemCount: i32, neighbourCount: i32): usize {
  const size = paddedSize(neighbourCount);
  return ((<usize>(3 * itemCount + 5 * size)) << 2) + (((<usize>size) * (<usize>(size / 8 + 1))) << 5) + choleskyRoomBytes(size);
}

// @ts-ignore: decorator
@inline
function paddedSize(count: i32): i32 {
  return ((count + 23) / 24) * 24;
}

let sums: usize = 0;
let places: usize = 0;
let touched: usize = 0;
let strengths: usize = 0;
let neighbours: usize = 0;
let solution: usize = 0;
let keptStrengths: usize = 0;
let keptPlaces: usize = 0;
let system: usize = 0;

/** The weights of some items. */
export function localRidgeTask(task: i32): void {
  takeRoom(address(ROOM) + <usize>task * address(ROOM_BYTES));
  const first = task * integer(TASK_ITEMS);
  const last = min(first + integer(TASK_ITEMS), integer(ITEM_COUNT) - integer(FIRST_ITEM));
  for (let at = first; at < last; at++) {
    const item = integer(FIRST_ITEM) + at;
    const touchedCount = sumTogether(item, sums, touched);
    const count = findNeighbours(item, touchedCount);
    const size = paddedSize(count);
    system = keptPlaces + ((<usize>paddedSize(integer(NEIGHBOUR_COUNT))) << 2);
    fillSystem(count, size);
    const room = system + (((<usize>size) * (<usize>(size / 8 + 1))) << 5);
    const failed = solveSystem(system, size, room, solution);
    keepStrongest(at, count, failed >= 0);
    clearTouched(touchedCount, sums, touched);
    for (let i = 0; i < count; i++) store<i32>(cell(places, load<i32>(cell(neighbours, i))), 0);
  }
}

function takeRoom(room: usize): void {
  const itemBytes = (<usize>integer(ITEM_COUNT)) << 2;
  const listBytes = (<usize>paddedSize(integer(NEIGHBOUR_COUNT))) << 2;
  sums = room;
  places = sums + itemBytes;
  touched = places + itemBytes;
  strengths = touched + itemBytes;
  neighbours = strengths + listBytes;
  solution = neighbours + listBytes;
  keptStrengths = solution + listBytes;
  keptPlaces = keptStrengths + listBytes;
}

/** The items that foretell this one best, each alone, by index; sets their places, from 1. */
function findNeighbours(item: i32, touchedCount: i32): i32 {
  const most = min(integer(NEIGHBOUR_COUNT), touchedCount);
  if (most == 0) return 0;
  emptyHeap(most, strengths, neighbours);
  for (let i = 0; i < touchedCount; i++) {
    const other = load<i32>(cell(touched, i));
    if (other == item) continue;
    const sum = load<f32>(cell(sums, other));
    const strength = sum * sum / (realAt(DIAGONAL, other) + realAt(RIDGE, other));
    const worst = load<f32>(strengths);
    if (strength > worst || (strength == worst && other < load<i32>(neighbours))) replaceWorst(strength, other, most, strengths, neighbours);
  }
  return sortByIndex(most);
}

/** Sorts what a heap has found by index, in a heap of equals. Returns how many they are. */
function sortByIndex(most: i32): i32 {
  let count = 0;
  for (let i = 0; i < most; i++) {
    const other = load<i32>(cell(neighbours, i));
    if (other >= 0) store<i32>(cell(solution, count++), other);
  }
  emptyHeap(count, strengths, neighbours);
  for (let i = 0; i < count; i++) replaceWorst(0, load<i32>(cell(solution, i)), count, strengths, neighbours);
  sortHeap(count, strengths, neighbours);
  for (let i = 0; i < count; i++) store<i32>(cell(places, load<i32>(cell(neighbours, i))), i + 1);
  return count;
}

/** The system of the neighbours, filled up with unknowns that are 0. */
function fillSystem(count: i32, size: i32): void {
  memory.fill(system, 0, ((<usize>size) * (<usize>(size / 8 + 1))) << 5);
  const right = systemCell(size, 0, size);
  for (let i = 0; i < size; i++) {
    const diagonal = systemCell(size, i, i);
    if (i >= count) {
      store<f32>(diagonal, 1);
      continue;
    }
    const item = load<i32>(cell(neighbours, i));
    const column = systemCell(size, 0, i);
    if (item < integer(POPULAR_COUNT)) copyGram(item, i, column);
    else sumGram(item, column);
    store<f32>(diagonal, realAt(DIAGONAL, item) + realAt(RIDGE, item));
    store<f32>(right + ((<usize>i) << 5), load<f32>(cell(sums, item)));
  }
}

/** What a popular item shares with the neighbours before it, all popular too. */
function copyGram(item: i32, count: i32, column: usize): void {
  const row = address(POPULAR_GRAM) + ((<usize>item * <usize>integer(POPULAR_COUNT)) << 2);
  for (let i = 0; i < count; i++) {
    store<f32>(column, load<f32>(cell(row, load<i32>(cell(neighbours, i)))));
    column += 32;
  }
}

/** What any other item shares with the neighbours before it, from its few takers. */
function sumGram(item: i32, column: usize): void {
  const last = valueAt(TAKER_START, item + 1);
  for (let taker = valueAt(TAKER_START, item); taker < last; taker++) {
    const user = valueAt(TAKERS, taker);
    const weight = realAt(TAKER_WEIGHTS, taker);
    const end = valueAt(ROW_START, user + 1);
    for (let at = valueAt(ROW_START, user); at < end; at++) {
      const other = valueAt(ROW_ITEMS, at);
      if (other >= item) break;
      const place = load<i32>(cell(places, other));
      if (place == 0) continue;
      const shared = column + ((<usize>(place - 1)) << 5);
      store<f32>(shared, load<f32>(shared) + weight * realAt(ROW_WEIGHTS, at));
    }
  }
}

/** Writes the strongest of the weights; NaN where the system was not positive definite. */
function keepStrongest(at: i32, count: i32, isFailed: bool): void {
  const width = integer(KEPT_COUNT);
  const keep = min(width, count);
  emptyHeap(keep, keptStrengths, keptPlaces);
  for (let i = 0; i < count; i++) {
    const strength = abs(load<f32>(cell(solution, i)));
    if (keep > 0 && strength > load<f32>(keptStrengths)) replaceWorst(strength, i, keep, keptStrengths, keptPlaces);
  }
  const from = <usize>at * <usize>width;
  const items = address(KEPT_ITEMS) + (from << 2);
  const weights = address(KEPT_WEIGHTS) + (from << 2);
  for (let i = 0; i < width; i++) {
    const place = i < keep ? load<i32>(cell(keptPlaces, i)) : -1;
    store<i32>(cell(items, i), place < 0 ? -1 : load<i32>(cell(neighbours, place)));
    store<f32>(cell(weights, i), isFailed ? NaN : place < 0 ? 0 : load<f32>(cell(solution, place)));
  }
}

// @ts-ignore: decorator
@inline
function systemCell(size: i32, row: i32, column: i32): usize {
  return system + (((<usize>(column >> 3)) * (<usize>size) + <usize>row) << 5) + ((<usize>(column & 7)) << 2);
}
