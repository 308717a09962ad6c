import { multiplyAdd } from './multiply-add';

/** Rows of a register tile: 6 by 8 keeps 12 accumulators, two columns and a splat in 16 vector registers. */
export const ROWS: i32 = 6;
export const COLUMNS: i32 = 8;

/** What becomes of a tile's sums: they are written, or added to or subtracted from what is there. */
export const SET: i32 = 0;
export const ADD: i32 = 1;
export const SUBTRACT: i32 = 2;

/**
 * Packs `count` columns of a matrix given by its rows into tiles of 8 columns, shape (count / 8, depth, 8).
 *
 * @param source f32, shape (depth, stride), from its first column on.
 */
export function packColumns(source: usize, stride: i32, depth: i32, count: i32, packed: usize): void {
  for (let column = 0; column < count; column += COLUMNS) {
    for (let k = 0; k < depth; k++) {
      const from = source + ((<usize>(k * stride + column)) << 2);
      v128.store(packed, v128.load(from));
      v128.store(packed, v128.load(from, 16), 16);
      packed += 32;
    }
  }
}

/** The same in tiles of 6, shape (count / 6, depth, 6): the side whose values are splat. */
export function packRows(source: usize, stride: i32, depth: i32, count: i32, packed: usize): void {
  for (let row = 0; row < count; row += ROWS) {
    for (let k = 0; k < depth; k++) {
      const from = source + ((<usize>(k * stride + row)) << 2);
      v128.store(packed, v128.load(from));
      store<u64>(packed, load<u64>(from, 16), 16);
      packed += 24;
    }
  }
}

/** `target −= Aᵀ·B`, shape (rowCount, columnCount), multiples of 6 and 8. `a` is packed by rows, `b` by columns, both `depth` deep. */
export function subtractProduct(
  target: usize,
  stride: i32,
  a: usize,
  b: usize,
  depth: i32,
  rowCount: i32,
  columnCount: i32,
): void {
  for (let column = 0; column < columnCount; column += COLUMNS) {
    for (let row = 0; row < rowCount; row += ROWS) {
      const corner = target + ((<usize>(row * stride + column)) << 2);
      tile(corner, stride, a + (<usize>(row * depth) << 2), b, depth, SUBTRACT, ROWS, COLUMNS);
    }
    b += (<usize>(COLUMNS * depth)) << 2;
  }
}

/** The lower triangle of the same where the target is square; tiles that the diagonal cuts are updated whole. */
export function subtractLowerProduct(target: usize, stride: i32, a: usize, b: usize, depth: i32, size: i32): void {
  for (let column = 0; column < size; column += COLUMNS) {
    for (let row = (column / ROWS) * ROWS; row < size; row += ROWS) {
      const corner = target + ((<usize>(row * stride + column)) << 2);
      tile(corner, stride, a + (<usize>(row * depth) << 2), b, depth, SUBTRACT, ROWS, COLUMNS);
    }
    b += (<usize>(COLUMNS * depth)) << 2;
  }
}

/** `target = Aᵀ·B`, else the same. */
export function setProduct(
  target: usize,
  stride: i32,
  a: usize,
  b: usize,
  depth: i32,
  rowCount: i32,
  columnCount: i32,
): void {
  for (let column = 0; column < columnCount; column += COLUMNS) {
    for (let row = 0; row < rowCount; row += ROWS) {
      const corner = target + ((<usize>(row * stride + column)) << 2);
      tile(corner, stride, a + (<usize>(row * depth) << 2), b, depth, SET, ROWS, COLUMNS);
    }
    b += (<usize>(COLUMNS * depth)) << 2;
  }
}

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

// @ts-ignore: decorator
@inline
function writeRow(target: usize, low: v128, high: v128, mode: i32, columns: i32): void {
  if (columns == COLUMNS) {
    v128.store(target, combined(v128.load(target), low, mode));
    v128.store(target, combined(v128.load(target, 16), high, mode), 16);
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
