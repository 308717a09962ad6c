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
 * A task: parts a chunk of a leaf's rows, in their order, those of the left child from the chunk's beginning on, those of the right from its end backwards. Round: bins
 * of the feature's block, feature's place in it, bin, whether missing ones go left, rows and sums, count, rows and sums parted, left counts (a chunk).
 */
export function partTask(task: i32): void {
  const bins = address(0) + <usize>integer(1);
  const bin = <u32>integer(2), missingLeft = integer(3);
  const from = task * CHUNK, to = chunkEnd(task, integer(6));
  let left = from, right = to - 1;
  for (let at = from; at < to; at++) {
    const row = load<u32>(address(4) + ((<usize>at) << 2));
    const sums = load<i64>(address(5) + ((<usize>at) << 3));
    const value = <u32>load<u8>(bins + ((<usize>row) << 3));
    const goesLeft = <i32>(value - 1 < bin) | (<i32>(value == 0) & missingLeft);
    store<u32>(address(7) + ((<usize>left) << 2), row);
    store<i64>(address(8) + ((<usize>left) << 3), sums);
    store<u32>(address(7) + ((<usize>right) << 2), row);
    store<i64>(address(8) + ((<usize>right) << 3), sums);
    left += goesLeft;
    right -= 1 - goesLeft;
  }
  store<i32>(address(9) + ((<usize>task) << 2), left - from);
}

/**
 * A task: brings a chunk's parted rows to their places. Round: rows and sums parted, rows and sums, count, left counts, places of the left and of the right (a
 * chunk each).
 */
export function placeTask(task: i32): void {
  const from = task * CHUNK, to = chunkEnd(task, integer(4));
  const chunk = (<usize>task) << 2;
  const leftCount = load<i32>(address(5) + chunk);
  const left = load<i32>(address(6) + chunk);
  memory.copy(address(2) + ((<usize>left) << 2), address(0) + ((<usize>from) << 2), (<usize>leftCount) << 2);
  memory.copy(address(3) + ((<usize>left) << 3), address(1) + ((<usize>from) << 3), (<usize>leftCount) << 3);
  let right = load<i32>(address(7) + chunk);
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
 * A task: writes a chunk's gradients and hessians as whole numbers, rounded up or down by chance so that sums are right on average, and the rows in their order.
 * Rows that are not drawn weigh nothing. Round: gradients, hessians, count, rows, sums, key of the rounding, key of the drawing, share drawn of 2³² (−1: all). Reals: steps
 * of gradient and of hessian in one. Source: Shi et al. 2022.
 */
export function quantiseTask(task: i32): void {
  const from = task * CHUNK, to = chunkEnd(task, integer(2));
  const share = <u32>integer(7);
  const gradientSteps = real(0), hessianSteps = real(1);
  for (let row = from; row < to; row++) {
    const place = (<usize>row) << 2;
    store<i32>(address(3) + place, row);
    let sums: i64 = 0;
    if (share == 0xffffffff || hashed(row, integer(6)) < share) {
      const chance = hashed(row, integer(5));
      const up = <f32>(chance & 0xffff) * <f32>1.52587890625e-5;
      const other = <f32>(chance >> 16) * <f32>1.52587890625e-5;
      const gradient = <i64>floor<f32>(load<f32>(address(0) + place) * gradientSteps + up);
      const hessian = <i64>max<f32>(1, floor<f32>(load<f32>(address(1) + place) * hessianSteps + other));
      sums = (gradient << 32) + hessian;
    }
    store<i64>(address(4) + (place << 1), sums);
  }
}
