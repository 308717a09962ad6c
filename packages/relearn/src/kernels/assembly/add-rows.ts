import { multiplyAdd } from './multiply-add';

/**
 * `target = Σ weights[i] · matrix[rows[i], :]`: scores of all items from the rows of the few that were taken. Eight rows are read side by side, as many
 * as a processor foresees, while the target stays in its nearest cache.
 *
 * @param matrix i16 row-major, `stride` values a row, a multiple of 16.
 * @param rows   i32, shape (count), `count` a multiple of 8.
 * @param weights f32, shape (count).
 * @param target f32, shape (stride); overwritten.
 */
export function addRows(matrix: usize, stride: i32, rows: usize, weights: usize, count: i32, target: usize): void {
  const rowBytes = (<usize>stride) << 1;
  memory.fill(target, 0, rowBytes << 1);
  const end = rows + ((<usize>count) << 2);
  for (; rows < end; rows += 32, weights += 32) addEight(matrix, rowBytes, rows, weights, target);
}

// @ts-ignore: decorator
@inline
function rowAt(matrix: usize, rowBytes: usize, rows: usize): usize {
  return matrix + (<usize>load<i32>(rows)) * rowBytes;
}

/** Adds four values of a row, widened as they are loaded: a quarter less work than widening what was loaded. */
// @ts-ignore: decorator
@inline
function addFour(row: usize, weight: v128, sum: v128): v128 {
  return multiplyAdd(weight, f32x4.convert_i32x4_s(v128.load16x4_s(row)), sum);
}

function addEight(matrix: usize, rowBytes: usize, rows: usize, weights: usize, target: usize): void {
  const r0 = rowAt(matrix, rowBytes, rows), r1 = rowAt(matrix, rowBytes, rows + 4);
  const r2 = rowAt(matrix, rowBytes, rows + 8), r3 = rowAt(matrix, rowBytes, rows + 12);
  const r4 = rowAt(matrix, rowBytes, rows + 16), r5 = rowAt(matrix, rowBytes, rows + 20);
  const r6 = rowAt(matrix, rowBytes, rows + 24), r7 = rowAt(matrix, rowBytes, rows + 28);
  const w0 = v128.load32_splat(weights), w1 = v128.load32_splat(weights, 4);
  const w2 = v128.load32_splat(weights, 8), w3 = v128.load32_splat(weights, 12);
  const w4 = v128.load32_splat(weights, 16), w5 = v128.load32_splat(weights, 20);
  const w6 = v128.load32_splat(weights, 24), w7 = v128.load32_splat(weights, 28);
  for (let at: usize = 0; at < rowBytes; at += 16, target += 32) {
    let low = v128.load(target);
    let high = v128.load(target, 16);
    low = addFour(r0 + at, w0, low);
    high = addFour(r0 + at + 8, w0, high);
    low = addFour(r1 + at, w1, low);
    high = addFour(r1 + at + 8, w1, high);
    low = addFour(r2 + at, w2, low);
    high = addFour(r2 + at + 8, w2, high);
    low = addFour(r3 + at, w3, low);
    high = addFour(r3 + at + 8, w3, high);
    low = addFour(r4 + at, w4, low);
    high = addFour(r4 + at + 8, w4, high);
    low = addFour(r5 + at, w5, low);
    high = addFour(r5 + at + 8, w5, high);
    low = addFour(r6 + at, w6, low);
    high = addFour(r6 + at + 8, w6, high);
    low = addFour(r7 + at, w7, low);
    high = addFour(r7 + at + 8, w7, high);
    v128.store(target, low);
    v128.store(target, high, 16);
  }
}
