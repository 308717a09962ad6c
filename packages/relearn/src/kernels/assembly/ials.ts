import { multiply, packTransposed } from './matrix-product';
import { multiplyAdd } from './multiply-add';
import { address, integer, real } from './round';
import { ROWS, SET } from './tile-product';

/*
 * Implicit ALS, one side against the other: every row x of the solved side is the minimum of Σ wⱼ (x·yⱼ − 1)² + x·D x over the rows yⱼ of the fixed side that it was
 * taken with, D diagonal: both sides lie on the axes of the fixed side's Gram matrix. Entries come in groups of four; what fills a group up weighs 0.
 */

/** Rows of a task of `turnRowsTask`: a multiple of a tile's. */
const TURNED_ROWS: i32 = 96;

/** Below this share of its first length, squared, a residual is nothing in f32. */
const NOTHING: f32 = 1e-12;

/** Takes one of the rooms that no other thread is in: for each a flag, i32, then its bytes. */
// @ts-ignore: decorator
@inline
function enterRoom(flags: usize, count: i32): i32 {
  let room = 0;
  while (atomic.cmpxchg<i32>(flags + ((<usize>room) << 2), 0, 1) != 0) room = room + 1 == count ? 0 : room + 1;
  return room;
}

// @ts-ignore: decorator
@inline
function leaveRoom(flags: usize, room: i32): void {
  atomic.store<i32>(flags + ((<usize>room) << 2), 0);
}

/**
 * Turns 96 rows to new axes in place: `rows = rows · axes`. Round: rows f32 (rowCount, depth), rowCount, depth, axes packed by columns, flags of the rooms, rooms,
 * their count, bytes of one.
 */
export function turnRowsTask(task: i32): void {
  const depth = integer(2);
  const first = task * TURNED_ROWS;
  const count = min(TURNED_ROWS, integer(1) - first);
  const rows = address(0) + ((<usize>first * <usize>depth) << 2);
  const room = enterRoom(address(4), integer(6));
  const packed = address(5) + <usize>room * <usize>integer(7);
  const whole = count - (count % ROWS);
  packTransposed(rows, depth, depth, whole, packed, ROWS, ROWS);
  if (whole < count) {
    const done = (<usize>whole * <usize>depth) << 2;
    packTransposed(rows + done, depth, depth, count - whole, packed + done, ROWS, count - whole);
  }
  multiply(rows, depth, packed, address(3), depth, count, depth, SET);
  leaveRoom(address(4), room);
}

/**
 * Brings the rows `bounds[task]` to `bounds[task + 1] − 1` nearer to their minimum, from where they are, by steps of conjugate gradients, preconditioned by the
 * diagonal. Round: solved f32 (rows, d), fixed f32 (rows, d), d (a multiple of 16), start i32 (rows + 1): entries of each row, multiples of 4; where in `fixed`
 * each entry's row lies, u32, bytes from its start; weights f32; ridges f32 (rows); diagonal f32 (d): D is it plus the row's ridge; bounds i32; flags of the rooms,
 * rooms, their count, bytes of one (at least 5 d numbers); most steps.
 */
export function solveRowsTask(task: i32): void {
  const bytes = (<usize>integer(2)) << 2;
  const start = address(3), ridges = address(6);
  const room = enterRoom(address(9), integer(11));
  const scratch = address(10) + <usize>room * <usize>integer(12);
  const bound = address(8) + ((<usize>task) << 2);
  const end = load<i32>(bound, 4);
  for (let row = load<i32>(bound); row < end; row++) {
    const cell = (<usize>row) << 2;
    const from = (<usize>load<i32>(start + cell)) << 2;
    const to = (<usize>load<i32>(start + cell, 4)) << 2;
    const x = address(0) + <usize>row * bytes;
    if (from == to) memory.fill(x, 0, bytes);
    else solveRow(x, from, to, load<f32>(ridges + cell), scratch, bytes);
  }
  leaveRoom(address(9), room);
}

function solveRow(x: usize, from: usize, to: usize, ridge: f32, residual: usize, bytes: usize): void {
  const direction = residual + bytes;
  const product = direction + bytes;
  const diagonal = product + bytes;
  const squares = diagonal + bytes;
  const ridges = f32x4.splat(ridge);
  const gram = address(7);
  for (let at: usize = 0; at < bytes; at += 16) {
    const own = f32x4.add(v128.load(gram + at), ridges);
    v128.store(diagonal + at, own);
    v128.store(squares + at, own);
    v128.store(residual + at, f32x4.neg(f32x4.mul(own, v128.load(x + at))));
  }
  addRowsOf(x, residual, squares, from, to, bytes, true);
  let sum = f32x4.splat(0);
  for (let at: usize = 0; at < bytes; at += 16) {
    const inverse = f32x4.div(f32x4.splat(1), v128.load(squares + at));
    v128.store(squares + at, inverse);
    const r = v128.load(residual + at);
    const z = f32x4.mul(inverse, r);
    v128.store(direction + at, z);
    sum = multiplyAdd(r, z, sum);
  }
  let length = sumOfLanes(sum);
  const enough = length * NOTHING;
  for (let step = integer(13); step > 0 && length > enough; step--) {
    sum = f32x4.splat(0);
    for (let at: usize = 0; at < bytes; at += 16) {
      v128.store(product + at, f32x4.mul(v128.load(diagonal + at), v128.load(direction + at)));
    }
    addRowsOf(direction, product, 0, from, to, bytes, false);
    for (let at: usize = 0; at < bytes; at += 16) sum = multiplyAdd(v128.load(product + at), v128.load(direction + at), sum);
    const curve = sumOfLanes(sum);
    if (!(curve > 0)) break;
    const stride = f32x4.splat(length / curve);
    const back = f32x4.neg(stride);
    sum = f32x4.splat(0);
    for (let at: usize = 0; at < bytes; at += 16) {
      v128.store(x + at, multiplyAdd(stride, v128.load(direction + at), v128.load(x + at)));
      const r = multiplyAdd(back, v128.load(product + at), v128.load(residual + at));
      v128.store(residual + at, r);
      sum = multiplyAdd(r, f32x4.mul(v128.load(squares + at), r), sum);
    }
    const before = length;
    length = sumOfLanes(sum);
    const turn = f32x4.splat(length / before);
    for (let at: usize = 0; at < bytes; at += 16) {
      const z = f32x4.mul(v128.load(squares + at), v128.load(residual + at));
      v128.store(direction + at, multiplyAdd(turn, v128.load(direction + at), z));
    }
  }
}

/**
 * `target += Σ wⱼ (1 − yⱼ·x) yⱼ` and `squares += Σ wⱼ yⱼ²` where it is the first, else `target += Σ wⱼ (yⱼ·x) yⱼ`, over the entries `from` to `to`, bytes. Four
 * rows are read for their products and at once again for their sum, while they are in the nearest cache.
 */
// @ts-ignore: decorator
@inline
function addRowsOf(x: usize, target: usize, squares: usize, from: usize, to: usize, bytes: usize, isFirst: bool): void {
  const fixed = address(1), places = address(4), weights = address(5);
  for (let at = from; at < to; at += 16) {
    const y0 = fixed + <usize>load<u32>(places + at), y1 = fixed + <usize>load<u32>(places + at, 4);
    const y2 = fixed + <usize>load<u32>(places + at, 8), y3 = fixed + <usize>load<u32>(places + at, 12);
    const weight = v128.load(weights + at);
    const products = fourProducts(x, y0, y1, y2, y3, bytes);
    const share = isFirst ? f32x4.sub(weight, f32x4.mul(weight, products)) : f32x4.mul(weight, products);
    const s0 = f32x4.splat(f32x4.extract_lane(share, 0)), s1 = f32x4.splat(f32x4.extract_lane(share, 1)), s2 = f32x4.splat(f32x4.extract_lane(share, 2)), s3 = f32x4.splat(f32x4.extract_lane(share, 3));
    const w0 = f32x4.splat(f32x4.extract_lane(weight, 0)), w1 = f32x4.splat(f32x4.extract_lane(weight, 1)), w2 = f32x4.splat(f32x4.extract_lane(weight, 2)), w3 = f32x4.splat(f32x4.extract_lane(weight, 3));
    for (let k: usize = 0; k < bytes; k += 16) {
      const v0 = v128.load(y0 + k), v1 = v128.load(y1 + k), v2 = v128.load(y2 + k), v3 = v128.load(y3 + k);
      let sum = v128.load(target + k);
      sum = multiplyAdd(s0, v0, sum);
      sum = multiplyAdd(s1, v1, sum);
      sum = multiplyAdd(s2, v2, sum);
      sum = multiplyAdd(s3, v3, sum);
      v128.store(target + k, sum);
      if (!isFirst) continue;
      let square = v128.load(squares + k);
      square = multiplyAdd(f32x4.mul(w0, v0), v0, square);
      square = multiplyAdd(f32x4.mul(w1, v1), v1, square);
      square = multiplyAdd(f32x4.mul(w2, v2), v2, square);
      square = multiplyAdd(f32x4.mul(w3, v3), v3, square);
      v128.store(squares + k, square);
    }
  }
}

/** `x · y` for four rows. */
// @ts-ignore: decorator
@inline
function fourProducts(x: usize, y0: usize, y1: usize, y2: usize, y3: usize, bytes: usize): v128 {
  let a0 = f32x4.splat(0), a1 = f32x4.splat(0), a2 = f32x4.splat(0), a3 = f32x4.splat(0);
  let b0 = f32x4.splat(0), b1 = f32x4.splat(0), b2 = f32x4.splat(0), b3 = f32x4.splat(0);
  for (let k: usize = 0; k < bytes; k += 32) {
    const low = v128.load(x + k), high = v128.load(x + k, 16);
    a0 = multiplyAdd(low, v128.load(y0 + k), a0);
    a1 = multiplyAdd(low, v128.load(y1 + k), a1);
    a2 = multiplyAdd(low, v128.load(y2 + k), a2);
    a3 = multiplyAdd(low, v128.load(y3 + k), a3);
    b0 = multiplyAdd(high, v128.load(y0 + k, 16), b0);
    b1 = multiplyAdd(high, v128.load(y1 + k, 16), b1);
    b2 = multiplyAdd(high, v128.load(y2 + k, 16), b2);
    b3 = multiplyAdd(high, v128.load(y3 + k, 16), b3);
  }
  a0 = f32x4.add(a0, b0);
  a1 = f32x4.add(a1, b1);
  a2 = f32x4.add(a2, b2);
  a3 = f32x4.add(a3, b3);
  b0 = f32x4.add(i32x4.shuffle(a0, a1, 0, 4, 1, 5), i32x4.shuffle(a0, a1, 2, 6, 3, 7));
  b1 = f32x4.add(i32x4.shuffle(a2, a3, 0, 4, 1, 5), i32x4.shuffle(a2, a3, 2, 6, 3, 7));
  return f32x4.add(i32x4.shuffle(b0, b1, 0, 1, 4, 5), i32x4.shuffle(b0, b1, 2, 3, 6, 7));
}

// @ts-ignore: decorator
@inline
function sumOfLanes(lanes: v128): f32 {
  const pairs = f32x4.add(lanes, i32x4.shuffle(lanes, lanes, 2, 3, 0, 1));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}

/** Random values, uniform from −scale to scale, for 96 rows. Round: rows f32 (rowCount, depth), rowCount, depth, seed; scale. */
export function drawRowsTask(task: i32): void {
  const depth = integer(2);
  const first = task * TURNED_ROWS;
  const count = min(TURNED_ROWS, integer(1) - first);
  const scale = real(0);
  let at = address(0) + ((<usize>first * <usize>depth) << 2);
  const end = at + ((<usize>count * <usize>depth) << 2);
  let state = <u32>(integer(3) ^ (first * 0x9e3779b1));
  for (; at < end; at += 4) {
    state += 0x6d2b79f5;
    let mixed = (state ^ (state >>> 15)) * (state | 1);
    mixed ^= mixed + (mixed ^ (mixed >>> 7)) * (mixed | 61);
    mixed ^= mixed >>> 14;
    store<f32>(at, <f32>(<i32>mixed) * scale);
  }
}
