import { multiplyAdd } from './multiply-add';

/**
 * `target = Σ weights[i] · matrix[rows[i], :]`: scores of all items from the rows of the few that were taken. Eight rows are read side by side, as many
 * as a processor foresees, while the target stays in its nearest cache.
 *
 * @param matrix i16 row-major, `stride` values a row, a multiple of 16.
 * @param rows   i32, shape (count).
 * @param weights f32, shape (count).
 * @param target f32, shape (stride); overwritten.
 */
export function addRows(matrix: usize, stride: i32, rows: usize, weights: usize, count: i32, target: usize): void {
  const rowBytes = (<usize>stride) << 1;
  memory.fill(target, 0, rowBytes << 1);
  const end = rows + ((<usize>count) << 2);
  for (; rows + 32 <= end; rows += 32, weights += 32) addEight(matrix, rowBytes, rows, weights, target);
  for (; rows < end; rows += 4, weights += 4) addOne(rowAt(matrix, rowBytes, rows), rowBytes, weights, target);
}

// @ts-ignore: decorator
@inline
function rowAt(matrix: usize, rowBytes: usize, rows: usize): usize {
  return matrix + (<usize>load<i32>(rows)) * rowBytes;
}

// @ts-ignore: decorator
@inline
function addLow(values: v128, weight: v128, sum: v128): v128 {
  return multiplyAdd(weight, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(values)), sum);
}

// @ts-ignore: decorator
@inline
function addHigh(values: v128, weight: v128, sum: v128): v128 {
  return multiplyAdd(weight, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(values)), sum);
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
    let v = v128.load(r0 + at);
    low = addLow(v, w0, low);
    high = addHigh(v, w0, high);
    v = v128.load(r1 + at);
    low = addLow(v, w1, low);
    high = addHigh(v, w1, high);
    v = v128.load(r2 + at);
    low = addLow(v, w2, low);
    high = addHigh(v, w2, high);
    v = v128.load(r3 + at);
    low = addLow(v, w3, low);
    high = addHigh(v, w3, high);
    v = v128.load(r4 + at);
    low = addLow(v, w4, low);
    high = addHigh(v, w4, high);
    v = v128.load(r5 + at);
    low = addLow(v, w5, low);
    high = addHigh(v, w5, high);
    v = v128.load(r6 + at);
    low = addLow(v, w6, low);
    high = addHigh(v, w6, high);
    v = v128.load(r7 + at);
    low = addLow(v, w7, low);
    high = addHigh(v, w7, high);
    v128.store(target, low);
    v128.store(target, high, 16);
  }
}

function addOne(row: usize, rowBytes: usize, weight: usize, target: usize): void {
  const w = v128.load32_splat(weight);
  for (let at: usize = 0; at < rowBytes; at += 16, target += 32) {
    const v = v128.load(row + at);
    v128.store(target, addLow(v, w, v128.load(target)));
    v128.store(target, addHigh(v, w, v128.load(target, 16)), 16);
  }
}
