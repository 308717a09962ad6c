import { multiplyAdd } from './multiply-add';

/** Rows and columns of a register tile: 6 by 8 keeps 12 sums, two columns and a splat in 16 vector registers. */
export const ROWS: i32 = 6;
export const COLUMNS: i32 = 8;

/** What becomes of a tile's sums: they are written, or added to or subtracted from what is there. */
export const SET: i32 = 0;
export const ADD: i32 = 1;
export const SUBTRACT: i32 = 2;

/** One register tile: 12 sums over `depth`, of which the first `rows` by `columns` are written. */
// @ts-ignore: decorator
@inline
export function tile(
  target: usize,
  stride: i32,
  a: usize,
  b: usize,
  depth: i32,
  mode: i32,
  rows: i32,
  columns: i32,
): void {
  let s00 = f32x4.splat(0), s01 = f32x4.splat(0);
  let s10 = f32x4.splat(0), s11 = f32x4.splat(0);
  let s20 = f32x4.splat(0), s21 = f32x4.splat(0);
  let s30 = f32x4.splat(0), s31 = f32x4.splat(0);
  let s40 = f32x4.splat(0), s41 = f32x4.splat(0);
  let s50 = f32x4.splat(0), s51 = f32x4.splat(0);
  const end = b + ((<usize>depth) << 5);
  while (b < end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let value = v128.load32_splat(a);
    s00 = multiplyAdd(value, b0, s00);
    s01 = multiplyAdd(value, b1, s01);
    value = v128.load32_splat(a, 4);
    s10 = multiplyAdd(value, b0, s10);
    s11 = multiplyAdd(value, b1, s11);
    value = v128.load32_splat(a, 8);
    s20 = multiplyAdd(value, b0, s20);
    s21 = multiplyAdd(value, b1, s21);
    value = v128.load32_splat(a, 12);
    s30 = multiplyAdd(value, b0, s30);
    s31 = multiplyAdd(value, b1, s31);
    value = v128.load32_splat(a, 16);
    s40 = multiplyAdd(value, b0, s40);
    s41 = multiplyAdd(value, b1, s41);
    value = v128.load32_splat(a, 20);
    s50 = multiplyAdd(value, b0, s50);
    s51 = multiplyAdd(value, b1, s51);
    a += 24;
    b += 32;
  }
  const bytes = (<usize>stride) << 2;
  writeRow(target, s00, s01, mode, columns);
  if (rows > 1) writeRow((target += bytes), s10, s11, mode, columns);
  if (rows > 2) writeRow((target += bytes), s20, s21, mode, columns);
  if (rows > 3) writeRow((target += bytes), s30, s31, mode, columns);
  if (rows > 4) writeRow((target += bytes), s40, s41, mode, columns);
  if (rows > 5) writeRow((target += bytes), s50, s51, mode, columns);
}

/**
 * Two register tiles side by side, of 6 by 16: as many registers where the runtime joins two vectors of 128 bits into one of 256; where it does not, they do not all fit.
 *
 * @param b the left tile's packed columns; the right one's follow.
 */
// @ts-ignore: decorator
@inline
export function wideTile(target: usize, stride: i32, a: usize, b: usize, depth: i32, mode: i32): void {
  let s00 = f32x4.splat(0), s01 = f32x4.splat(0), s02 = f32x4.splat(0), s03 = f32x4.splat(0);
  let s10 = f32x4.splat(0), s11 = f32x4.splat(0), s12 = f32x4.splat(0), s13 = f32x4.splat(0);
  let s20 = f32x4.splat(0), s21 = f32x4.splat(0), s22 = f32x4.splat(0), s23 = f32x4.splat(0);
  let s30 = f32x4.splat(0), s31 = f32x4.splat(0), s32 = f32x4.splat(0), s33 = f32x4.splat(0);
  let s40 = f32x4.splat(0), s41 = f32x4.splat(0), s42 = f32x4.splat(0), s43 = f32x4.splat(0);
  let s50 = f32x4.splat(0), s51 = f32x4.splat(0), s52 = f32x4.splat(0), s53 = f32x4.splat(0);
  const end = b + ((<usize>depth) << 5);
  let right = end;
  while (b < end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const b2 = v128.load(right);
    const b3 = v128.load(right, 16);
    let value = v128.load32_splat(a);
    s00 = multiplyAdd(value, b0, s00);
    s01 = multiplyAdd(value, b1, s01);
    s02 = multiplyAdd(value, b2, s02);
    s03 = multiplyAdd(value, b3, s03);
    value = v128.load32_splat(a, 4);
    s10 = multiplyAdd(value, b0, s10);
    s11 = multiplyAdd(value, b1, s11);
    s12 = multiplyAdd(value, b2, s12);
    s13 = multiplyAdd(value, b3, s13);
    value = v128.load32_splat(a, 8);
    s20 = multiplyAdd(value, b0, s20);
    s21 = multiplyAdd(value, b1, s21);
    s22 = multiplyAdd(value, b2, s22);
    s23 = multiplyAdd(value, b3, s23);
    value = v128.load32_splat(a, 12);
    s30 = multiplyAdd(value, b0, s30);
    s31 = multiplyAdd(value, b1, s31);
    s32 = multiplyAdd(value, b2, s32);
    s33 = multiplyAdd(value, b3, s33);
    value = v128.load32_splat(a, 16);
    s40 = multiplyAdd(value, b0, s40);
    s41 = multiplyAdd(value, b1, s41);
    s42 = multiplyAdd(value, b2, s42);
    s43 = multiplyAdd(value, b3, s43);
    value = v128.load32_splat(a, 20);
    s50 = multiplyAdd(value, b0, s50);
    s51 = multiplyAdd(value, b1, s51);
    s52 = multiplyAdd(value, b2, s52);
    s53 = multiplyAdd(value, b3, s53);
    a += 24;
    b += 32;
    right += 32;
  }
  const bytes = (<usize>stride) << 2;
  writeRow(target, s00, s01, mode, COLUMNS);
  writeRow(target + 32, s02, s03, mode, COLUMNS);
  writeRow((target += bytes), s10, s11, mode, COLUMNS);
  writeRow(target + 32, s12, s13, mode, COLUMNS);
  writeRow((target += bytes), s20, s21, mode, COLUMNS);
  writeRow(target + 32, s22, s23, mode, COLUMNS);
  writeRow((target += bytes), s30, s31, mode, COLUMNS);
  writeRow(target + 32, s32, s33, mode, COLUMNS);
  writeRow((target += bytes), s40, s41, mode, COLUMNS);
  writeRow(target + 32, s42, s43, mode, COLUMNS);
  writeRow((target += bytes), s50, s51, mode, COLUMNS);
  writeRow(target + 32, s52, s53, mode, COLUMNS);
}

// @ts-ignore: decorator
@inline
function writeRow(target: usize, low: v128, high: v128, mode: i32, columns: i32): void {
  if (columns == COLUMNS) {
    // Both are read before either is written: only so does a runtime that joins two vectors into one join these.
    const lowBefore = v128.load(target);
    const highBefore = v128.load(target, 16);
    v128.store(target, combined(lowBefore, low, mode));
    v128.store(target, combined(highBefore, high, mode), 16);
    return;
  }
  if (columns >= 4) {
    v128.store(target, combined(v128.load(target), low, mode));
    target += 16;
    columns -= 4;
    low = high;
  }
  for (; columns > 0; columns--, target += 4) {
    v128.store32_lane(target, combined(v128.load32_zero(target), low, mode), 0);
    low = i8x16.shuffle(low, low, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3);
  }
}

// @ts-ignore: decorator
@inline
function combined(before: v128, sums: v128, mode: i32): v128 {
  if (mode == ADD) return f32x4.add(before, sums);
  if (mode == SUBTRACT) return f32x4.sub(before, sums);
  return sums;
}
