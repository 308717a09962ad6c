import { multiplyAdd } from './multiply-add';
import { ROWS } from './register-tile';
import { address, integer, real } from './round';
import { addProduct, NO_TRIANGLE, packColumns, packPart, packRows, packTransposed, setProduct } from './tile-product';

/*
 * Implicit ALS, one side against the other: every row x of the solved side is the minimum, or near it, of Σ wⱼ (x·yⱼ − 1)² + x·D x + ridge |x|² over the rows yⱼ of the fixed
 * side that it was taken with. D is diagonal: the fixed side lies on the axes of its Gram matrix. Entries come in groups of four; what fills a group up weighs 0.
 */

/** Rows of a task of `turnRowsTask`, and rows that `gramPartTask` packs at a time: a multiple of a tile's. */
const BLOCK_ROWS: i32 = 96;

/** Parts of the rows whose Gram matrices are summed. */
const PARTS: i32 = 16;

/** Below this share of its first length, squared, a residual is nothing in f32. */
const NOTHING: f32 = 1e-12;

/** Where a row of so many bytes of entries curves less than so many times as the preconditioner foretells, a last step goes by what that foretells: it spares a look at them. */
const LONG: usize = 64 << 2;
const TRUSTED: f32 = 2;

/** What a direction that no row goes along is divided by. */
const TINY: f32 = 1e-30;

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
 * The Gram matrix of a sixteenth of the rows, lower triangle. Round: rows f32 (rowCount, depth), rowCount, depth, parts f32 (16, depth, depth), flags of the rooms,
 * rooms, their count, bytes of one (at least 768 · depth + 2,304).
 */
export function gramPartTask(part: i32): void {
  const rowCount = integer(1), depth = integer(2);
  const rowBytes = (<usize>depth) << 2;
  const target = address(3) + <usize>(part * depth) * rowBytes;
  memory.fill(target, 0, <usize>depth * rowBytes);
  const room = enterRoom(address(4), integer(6));
  const left = address(5) + <usize>room * <usize>integer(7);
  const blocks = (rowCount + BLOCK_ROWS - 1) / BLOCK_ROWS;
  const end = min(rowCount, (((part + 1) * blocks) / PARTS) * BLOCK_ROWS);
  const whole = depth - (depth % ROWS);
  for (let row = ((part * blocks) / PARTS) * BLOCK_ROWS; row < end; row += BLOCK_ROWS) {
    const count = min(BLOCK_ROWS, end - row);
    const rows = address(0) + <usize>row * rowBytes;
    const rest = left + (<usize>(whole * count) << 2);
    const right = left + (<usize>((depth + ROWS) * count) << 2);
    packRows(rows, depth, count, whole, left);
    if (whole < depth) packPart(rows + (<usize>whole << 2), depth, count, depth - whole, rest, ROWS);
    packColumns(rows, depth, count, depth, right);
    addProduct(target, depth, left, right, count, depth, depth, 0);
  }
  leaveRoom(address(4), room);
}

/**
 * Turns 96 rows to new axes in place: `rows = rows · axes`. Round: rows f32 (rowCount, depth), rowCount, depth, axes packed by columns, flags of the rooms, rooms,
 * their count, bytes of one.
 */
export function turnRowsTask(task: i32): void {
  const depth = integer(2);
  const first = task * BLOCK_ROWS;
  const count = min(BLOCK_ROWS, integer(1) - first);
  const rows = address(0) + ((<usize>first * <usize>depth) << 2);
  const room = enterRoom(address(4), integer(6));
  const packed = address(5) + <usize>room * <usize>integer(7);
  const whole = count - (count % ROWS);
  packTransposed(rows, depth, depth, whole, packed, ROWS, ROWS);
  if (whole < count) {
    const done = (<usize>whole * <usize>depth) << 2;
    packTransposed(rows + done, depth, depth, count - whole, packed + done, ROWS, count - whole);
  }
  setProduct(rows, depth, packed, address(3), depth, count, depth, NO_TRIANGLE);
  leaveRoom(address(4), room);
}

/**
 * Solves for the rows `bounds[task]` to `bounds[task + 1] − 1`, by steps of conjugate gradients from 0, preconditioned by what the diagonal would be were the entries any rows of
 * the fixed side. Round: solved f32 (rows, d), fixed f32 (rows, d), d (a multiple of 16), start i32 (rows + 1): entries of each row, multiples of 4; where in
 * `fixed` each entry's row lies, u32, bytes from its start; weights f32; ridges f32 (rows); moments f32 (d): mean square of each axis of `fixed`; bounds i32; flags of
 * the rooms, rooms, their count, bytes of one (at least 5 d numbers); most steps: 0 is the preconditioner alone; real: what all rows of `fixed` weigh unobserved.
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
  const inverse = diagonal + bytes;
  memory.fill(residual, 0, bytes);
  addWeighted(residual, from, to, bytes);
  const ridges = f32x4.splat(max(ridge, TINY));
  const pull = f32x4.splat(real(0));
  const weight = sumOfWeights(from, to);
  const pulls = f32x4.splat(real(0) + weight);
  const moments = address(7);
  let sum = f32x4.splat(0);
  for (let at: usize = 0; at < bytes; at += 16) {
    const moment = v128.load(moments + at);
    v128.store(diagonal + at, multiplyAdd(pull, moment, ridges));
    const over = f32x4.div(f32x4.splat(1), multiplyAdd(pulls, moment, ridges));
    v128.store(inverse + at, over);
    const r = v128.load(residual + at);
    const z = f32x4.mul(over, r);
    v128.store(direction + at, z);
    sum = multiplyAdd(r, z, sum);
  }
  let length = sumOfLanes(sum);
  let isTrusted = false;
  const enough = length * NOTHING;
  const steps = integer(13);
  if (steps == 0) memory.copy(x, direction, bytes);
  else memory.fill(x, 0, bytes);
  for (let step = 0; step < steps && length > enough; step++) {
    const isLast = step + 1 == steps;
    sum = f32x4.splat(0);
    let spread = f32x4.splat(0);
    for (let at: usize = 0; at < bytes; at += 16) {
      const d = v128.load(direction + at);
      const scaled = f32x4.mul(v128.load(diagonal + at), d);
      v128.store(product + at, scaled);
      sum = multiplyAdd(scaled, d, sum);
      spread = multiplyAdd(f32x4.mul(v128.load(moments + at), d), d, spread);
    }
    const foretold = sumOfLanes(sum) + weight * sumOfLanes(spread);
    let curve = foretold;
    if (!isLast || !isTrusted) {
      sum = f32x4.add(sum, isLast ? squares(direction, from, to, bytes) : addProducts(direction, product, from, to, bytes));
      curve = sumOfLanes(sum);
      isTrusted = to - from >= LONG && curve < TRUSTED * foretold;
    }
    if (!(curve > 0)) break;
    const stride = f32x4.splat(length / curve);
    for (let at: usize = 0; at < bytes; at += 16) v128.store(x + at, multiplyAdd(stride, v128.load(direction + at), v128.load(x + at)));
    if (isLast) break;
    const back = f32x4.neg(stride);
    sum = f32x4.splat(0);
    for (let at: usize = 0; at < bytes; at += 16) {
      const r = multiplyAdd(back, v128.load(product + at), v128.load(residual + at));
      v128.store(residual + at, r);
      sum = multiplyAdd(r, f32x4.mul(v128.load(inverse + at), r), sum);
    }
    const before = length;
    length = sumOfLanes(sum);
    const turn = f32x4.splat(length / before);
    for (let at: usize = 0; at < bytes; at += 16) {
      const z = f32x4.mul(v128.load(inverse + at), v128.load(residual + at));
      v128.store(direction + at, multiplyAdd(turn, v128.load(direction + at), z));
    }
  }
}

// @ts-ignore: decorator
@inline
function sumOfWeights(from: usize, to: usize): f32 {
  let sum = f32x4.splat(0);
  const weights = address(5);
  for (let at = from; at < to; at += 16) sum = f32x4.add(sum, v128.load(weights + at));
  return sumOfLanes(sum);
}

/** `target += Σ wⱼ yⱼ` over the entries `from` to `to`, bytes. */
// @ts-ignore: decorator
@inline
function addWeighted(target: usize, from: usize, to: usize, bytes: usize): void {
  const fixed = address(1), places = address(4), weights = address(5);
  for (let at = from; at < to; at += 16) {
    const y0 = fixed + <usize>load<u32>(places + at), y1 = fixed + <usize>load<u32>(places + at, 4);
    const y2 = fixed + <usize>load<u32>(places + at, 8), y3 = fixed + <usize>load<u32>(places + at, 12);
    addFour(target, v128.load(weights + at), y0, y1, y2, y3, bytes);
  }
}

/** `target += Σ wⱼ (yⱼ·x) yⱼ`; `Σ wⱼ (yⱼ·x)²` in four parts. */
// @ts-ignore: decorator
@inline
function addProducts(x: usize, target: usize, from: usize, to: usize, bytes: usize): v128 {
  const fixed = address(1), places = address(4), weights = address(5);
  let sum = f32x4.splat(0);
  for (let at = from; at < to; at += 16) {
    const y0 = fixed + <usize>load<u32>(places + at), y1 = fixed + <usize>load<u32>(places + at, 4);
    const y2 = fixed + <usize>load<u32>(places + at, 8), y3 = fixed + <usize>load<u32>(places + at, 12);
    const products = fourProducts(x, y0, y1, y2, y3, bytes);
    const share = f32x4.mul(v128.load(weights + at), products);
    sum = multiplyAdd(share, products, sum);
    addFour(target, share, y0, y1, y2, y3, bytes);
  }
  return sum;
}

/** `Σ wⱼ (yⱼ·x)²` in four parts: all that a last step asks for. */
// @ts-ignore: decorator
@inline
function squares(x: usize, from: usize, to: usize, bytes: usize): v128 {
  const fixed = address(1), places = address(4), weights = address(5);
  let sum = f32x4.splat(0);
  for (let at = from; at < to; at += 16) {
    const y0 = fixed + <usize>load<u32>(places + at), y1 = fixed + <usize>load<u32>(places + at, 4);
    const y2 = fixed + <usize>load<u32>(places + at, 8), y3 = fixed + <usize>load<u32>(places + at, 12);
    const products = fourProducts(x, y0, y1, y2, y3, bytes);
    sum = multiplyAdd(f32x4.mul(v128.load(weights + at), products), products, sum);
  }
  return sum;
}

// @ts-ignore: decorator
@inline
function addFour(target: usize, share: v128, y0: usize, y1: usize, y2: usize, y3: usize, bytes: usize): void {
  const s0 = i32x4.shuffle(share, share, 0, 0, 0, 0), s1 = i32x4.shuffle(share, share, 1, 1, 1, 1);
  const s2 = i32x4.shuffle(share, share, 2, 2, 2, 2), s3 = i32x4.shuffle(share, share, 3, 3, 3, 3);
  for (let k: usize = 0; k < bytes; k += 64) {
    const to = target + k, a = y0 + k, b = y1 + k, c = y2 + k, d = y3 + k;
    v128.store(to, multiplyAdd(s3, v128.load(d), multiplyAdd(s2, v128.load(c), multiplyAdd(s1, v128.load(b), multiplyAdd(s0, v128.load(a), v128.load(to))))));
    v128.store(to, multiplyAdd(s3, v128.load(d, 16), multiplyAdd(s2, v128.load(c, 16), multiplyAdd(s1, v128.load(b, 16), multiplyAdd(s0, v128.load(a, 16), v128.load(to, 16))))), 16);
    v128.store(to, multiplyAdd(s3, v128.load(d, 32), multiplyAdd(s2, v128.load(c, 32), multiplyAdd(s1, v128.load(b, 32), multiplyAdd(s0, v128.load(a, 32), v128.load(to, 32))))), 32);
    v128.store(to, multiplyAdd(s3, v128.load(d, 48), multiplyAdd(s2, v128.load(c, 48), multiplyAdd(s1, v128.load(b, 48), multiplyAdd(s0, v128.load(a, 48), v128.load(to, 48))))), 48);
  }
}

/** `x · y` for four rows. */
// @ts-ignore: decorator
@inline
function fourProducts(x: usize, y0: usize, y1: usize, y2: usize, y3: usize, bytes: usize): v128 {
  let a0 = f32x4.splat(0), a1 = f32x4.splat(0), a2 = f32x4.splat(0), a3 = f32x4.splat(0);
  let b0 = f32x4.splat(0), b1 = f32x4.splat(0), b2 = f32x4.splat(0), b3 = f32x4.splat(0);
  for (let k: usize = 0; k < bytes; k += 64) {
    const p = x + k, r0 = y0 + k, r1 = y1 + k, r2 = y2 + k, r3 = y3 + k;
    let v = v128.load(p);
    a0 = multiplyAdd(v, v128.load(r0), a0);
    a1 = multiplyAdd(v, v128.load(r1), a1);
    a2 = multiplyAdd(v, v128.load(r2), a2);
    a3 = multiplyAdd(v, v128.load(r3), a3);
    v = v128.load(p, 16);
    b0 = multiplyAdd(v, v128.load(r0, 16), b0);
    b1 = multiplyAdd(v, v128.load(r1, 16), b1);
    b2 = multiplyAdd(v, v128.load(r2, 16), b2);
    b3 = multiplyAdd(v, v128.load(r3, 16), b3);
    v = v128.load(p, 32);
    a0 = multiplyAdd(v, v128.load(r0, 32), a0);
    a1 = multiplyAdd(v, v128.load(r1, 32), a1);
    a2 = multiplyAdd(v, v128.load(r2, 32), a2);
    a3 = multiplyAdd(v, v128.load(r3, 32), a3);
    v = v128.load(p, 48);
    b0 = multiplyAdd(v, v128.load(r0, 48), b0);
    b1 = multiplyAdd(v, v128.load(r1, 48), b1);
    b2 = multiplyAdd(v, v128.load(r2, 48), b2);
    b3 = multiplyAdd(v, v128.load(r3, 48), b3);
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
  const first = task * BLOCK_ROWS;
  const count = min(BLOCK_ROWS, integer(1) - first);
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
