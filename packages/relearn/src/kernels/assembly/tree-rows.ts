import { address, integer, real } from './round';

/** Rows of a task. */
const CHUNK: i32 = 16_384;

// @ts-ignore: decorator
@inline
function chunkEnd(task: i32, count: i32): i32 {
  return min((task + 1) * CHUNK, count);
}

/**
 * A task: bins of a chunk's rows, by binary search in the edges of each feature: bin b holds values above edge b − 2 up to edge b − 1; NaN is bin 0. Round: bins,
 * rowCount, features f32 (chunk rows, featureCount), the chunk's first row, its rows, featureCount, edges f32 (featureCount, 256: ascending, the rest +∞). Tasks are
 * blocks of eight features.
 */
export function binTask(block: i32): void {
  const rowCount = <usize>integer(1), first = <usize>integer(3), count = integer(4), featureCount = integer(5);
  const bins = address(0) + (((<usize>block) * rowCount + first) << 3);
  const from = block * 8, to = min(from + 8, featureCount);
  for (let row = 0; row < count; row++) {
    const values = address(2) + (<usize>(row * featureCount) << 2);
    for (let feature = from; feature < to; feature++) {
      const value = load<f32>(values + ((<usize>feature) << 2));
      const bin = value == value ? 1 + below(address(6) + ((<usize>feature) << 10), value) : 0;
      store<u8>(bins + ((<usize>row) << 3) + <usize>(feature - from), bin);
    }
  }
}

/** How many of 256 ascending edges are below a value. */
// @ts-ignore: decorator
@inline
function below(edges: usize, value: f32): i32 {
  let at: usize = edges;
  for (let step: usize = 512; step >= 4; step >>= 1) {
    at = select<usize>(at + step, at, load<f32>(at + step - 4) < value);
  }
  return <i32>((at - edges) >> 2);
}

/**
 * A task: gathers a chunk of eight features' bins from where they lie among all. Round: bins of all, rowCount, features drawn i32, their count, their bins, chunks of
 * the rows. Tasks are chunks of a block, then of the next.
 */
export function gatherBinsTask(task: i32): void {
  const rowCount = <usize>integer(1), chunks = integer(5);
  const first = (task / chunks) * 8;
  const from = (<usize>(task % chunks) * CHUNK) << 3;
  const end = (<usize>chunkEnd(task % chunks, <i32>rowCount)) << 3;
  const a = drawn(first), b = drawn(first + 1), c = drawn(first + 2), d = drawn(first + 3);
  const e = drawn(first + 4), f = drawn(first + 5), g = drawn(first + 6), h = drawn(first + 7);
  const target = address(4) + ((<usize>first) * rowCount);
  for (let at = from; at < end; at += 8) {
    const four = <u32>load<u8>(a + at) | (<u32>load<u8>(b + at) << 8) | (<u32>load<u8>(c + at) << 16) | (<u32>load<u8>(d + at) << 24);
    const others = <u32>load<u8>(e + at) | (<u32>load<u8>(f + at) << 8) | (<u32>load<u8>(g + at) << 16) | (<u32>load<u8>(h + at) << 24);
    store<u32>(target + at, four);
    store<u32>(target + at, others, 4);
  }
}

/** Where the first bin of a drawn feature lies; past the last, that of any. */
// @ts-ignore: decorator
@inline
function drawn(place: i32): usize {
  const feature = load<i32>(address(2) + ((<usize>min(place, integer(3) - 1)) << 2));
  return address(0) + ((<usize>(feature >> 3) * <usize>integer(1)) << 3) + <usize>(feature & 7);
}

/*
 * A leaf's rows are two ranges of the list of all: those drawn, and others, which weigh nothing but follow its cuts. Chunks of the first come before those of the second.
 */

// @ts-ignore: decorator
@inline
function partFrom(task: i32, place: i32): i32 {
  const drawnChunks = (integer(place + 1) + CHUNK - 1) / CHUNK;
  return task < drawnChunks ? integer(place) + task * CHUNK : integer(place + 2) + (task - drawnChunks) * CHUNK;
}

// @ts-ignore: decorator
@inline
function partEnd(task: i32, from: i32, place: i32): i32 {
  const drawnChunks = (integer(place + 1) + CHUNK - 1) / CHUNK;
  const end = task < drawnChunks ? integer(place) + integer(place + 1) : integer(place + 2) + integer(place + 3);
  return min(from + CHUNK, end);
}

/**
 * A task: parts a chunk of a leaf's rows, in their order, those of the left child from the chunk's beginning on, those of the right from its end backwards. Round: bins
 * of the feature's block, feature's place in it, bin, whether missing ones go left, rows and sums, rows and sums parted, left counts (a chunk), first and count of the drawn,
 * of the others.
 */
export function partTask(task: i32): void {
  const bins = address(0) + <usize>integer(1);
  const bin = <u32>integer(2), missingLeft = integer(3);
  const from = partFrom(task, 9), to = partEnd(task, from, 9);
  let left = from, right = to - 1;
  for (let at = from; at < to; at++) {
    const row = load<u32>(address(4) + ((<usize>at) << 2));
    const sums = load<i64>(address(5) + ((<usize>at) << 3));
    const value = <u32>load<u8>(bins + ((<usize>row) << 3));
    const goesLeft = <i32>(value - 1 < bin) | (<i32>(value == 0) & missingLeft);
    store<u32>(address(6) + ((<usize>left) << 2), row);
    store<i64>(address(7) + ((<usize>left) << 3), sums);
    store<u32>(address(6) + ((<usize>right) << 2), row);
    store<i64>(address(7) + ((<usize>right) << 3), sums);
    left += goesLeft;
    right -= 1 - goesLeft;
  }
  store<i32>(address(8) + ((<usize>task) << 2), left - from);
}

/**
 * A task: brings a chunk's parted rows to their places. Round: rows and sums parted, rows and sums, left counts, places of the left and of the right (a chunk each), first
 * and count of the drawn, of the others.
 */
export function placeTask(task: i32): void {
  const from = partFrom(task, 7), to = partEnd(task, from, 7);
  const chunk = (<usize>task) << 2;
  const leftCount = load<i32>(address(4) + chunk);
  const left = load<i32>(address(5) + chunk);
  memory.copy(address(2) + ((<usize>left) << 2), address(0) + ((<usize>from) << 2), (<usize>leftCount) << 2);
  memory.copy(address(3) + ((<usize>left) << 3), address(1) + ((<usize>from) << 3), (<usize>leftCount) << 3);
  let right = load<i32>(address(6) + chunk);
  for (let at = to - 1; at >= from + leftCount; at--, right++) {
    store<u32>(address(2) + ((<usize>right) << 2), load<u32>(address(0) + ((<usize>at) << 2)));
    store<i64>(address(3) + ((<usize>right) << 3), load<i64>(address(1) + ((<usize>at) << 3)));
  }
}

/** A task: adds a leaf's value to the margins of its rows. Round: leaves (first row, count, value f32, 0), rows, margins, margins a row, class. */
export function addLeafTask(leaf: i32): void {
  const at = address(0) + ((<usize>leaf) << 4);
  const rows = address(1) + ((<usize>load<i32>(at)) << 2);
  const end = rows + ((<usize>load<i32>(at, 4)) << 2);
  const value = load<f32>(at, 8);
  const stride = <usize>integer(3), column = <usize>integer(4);
  for (let place = rows; place < end; place += 4) {
    const margin = address(2) + (((<usize>load<u32>(place)) * stride + column) << 2);
    store<f32>(margin, load<f32>(margin) + value);
  }
}

/** Scatters a row's number over 32 bits, another way for each key. Source: Stafford's variant of MurmurHash3's finaliser. */
// @ts-ignore: decorator
@inline
function hashed(row: i32, key: i32): u32 {
  let mixed = <u32>(row * 0x9e3779b1 + key);
  mixed = (mixed ^ (mixed >> 16)) * 0x85ebca6b;
  mixed = (mixed ^ (mixed >> 13)) * 0xc2b2ae35;
  return mixed ^ (mixed >> 16);
}

/**
 * A task: writes a chunk's gradients and hessians as whole numbers, rounded up or down by chance so that sums are right on average, parted as `partTask` does: those of
 * rows that are drawn from the chunk's beginning on, those of others, which weigh nothing, from its end backwards. Round: gradients, hessians, count, rows, sums, key of the
 * rounding, key of the drawing, share drawn of 2³² (−1: all), counts of the drawn (a chunk). Reals: steps of gradient and of hessian in one. Source: Shi et al. 2022.
 */
export function quantiseTask(task: i32): void {
  const from = task * CHUNK, to = chunkEnd(task, integer(2));
  const share = <u32>integer(7);
  const gradientSteps = real(0), hessianSteps = real(1);
  let left = from, right = to - 1;
  for (let row = from; row < to; row++) {
    const isDrawn = share == 0xffffffff || hashed(row, integer(6)) < share;
    const place = (<usize>(isDrawn ? left++ : right--)) << 2;
    let sums: i64 = 0;
    if (isDrawn) {
      const cell = (<usize>row) << 2;
      const chance = hashed(row, integer(5));
      const up = <f32>(chance & 0xffff) * <f32>1.52587890625e-5;
      const other = <f32>(chance >> 16) * <f32>1.52587890625e-5;
      const gradient = <i64>floor<f32>(load<f32>(address(0) + cell) * gradientSteps + up);
      const hessian = <i64>max<f32>(1, floor<f32>(load<f32>(address(1) + cell) * hessianSteps + other));
      sums = (gradient << 32) + hessian;
    }
    store<i32>(address(3) + place, row);
    store<i64>(address(4) + (place << 1), sums);
  }
  store<i32>(address(8) + ((<usize>task) << 2), left - from);
}
