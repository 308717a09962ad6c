import { multiplyAdd } from './multiply-add';

/**
 * `target = Σ weights[i] · matrix[rows[i], :]`: scores of all items from the rows of the few that were taken. Eight rows are read side by side, as many
 * as a processor foresees, while the target stays in its nearest cache.
 *
 * @param matrix f32 row-major, `stride` values a row, a multiple of 16.
 * @param rows   i32, shape (count).
 * @param weights f32, shape (count).
 * @param target f32, shape (stride); overwritten.
 */
export function addRows(matrix: usize, stride: i32, rows: usize, weights: usize, count: i32, target: usize): void {
  const rowBytes = (<usize>stride) << 2;
  memory.fill(target, 0, rowBytes);
  const end = rows + ((<usize>count) << 2);
  for (; rows + 32 <= end; rows += 32, weights += 32) addEight(matrix, rowBytes, rows, weights, target);
  for (; rows < end; rows += 4, weights += 4) addOne(rowAt(matrix, rowBytes, rows), rowBytes, weights, target);
}

// @ts-ignore: decorator
@inline
function rowAt(matrix: usize, rowBytes: usize, rows: usize): usize {
  return matrix + (<usize>load<i32>(rows)) * rowBytes;
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
  for (let at: usize = 0; at < rowBytes; at += 32) {
    let a = v128.load(target + at);
    let b = v128.load(target + at, 16);
    a = multiplyAdd(w0, v128.load(r0 + at), a);
    b = multiplyAdd(w0, v128.load(r0 + at, 16), b);
    a = multiplyAdd(w1, v128.load(r1 + at), a);
    b = multiplyAdd(w1, v128.load(r1 + at, 16), b);
    a = multiplyAdd(w2, v128.load(r2 + at), a);
    b = multiplyAdd(w2, v128.load(r2 + at, 16), b);
    a = multiplyAdd(w3, v128.load(r3 + at), a);
    b = multiplyAdd(w3, v128.load(r3 + at, 16), b);
    a = multiplyAdd(w4, v128.load(r4 + at), a);
    b = multiplyAdd(w4, v128.load(r4 + at, 16), b);
    a = multiplyAdd(w5, v128.load(r5 + at), a);
    b = multiplyAdd(w5, v128.load(r5 + at, 16), b);
    a = multiplyAdd(w6, v128.load(r6 + at), a);
    b = multiplyAdd(w6, v128.load(r6 + at, 16), b);
    a = multiplyAdd(w7, v128.load(r7 + at), a);
    b = multiplyAdd(w7, v128.load(r7 + at, 16), b);
    v128.store(target + at, a);
    v128.store(target + at, b, 16);
  }
}

function addOne(row: usize, rowBytes: usize, weight: usize, target: usize): void {
  const w = v128.load32_splat(weight);
  for (let at: usize = 0; at < rowBytes; at += 32) {
    v128.store(target + at, multiplyAdd(w, v128.load(row + at), v128.load(target + at)));
    v128.store(target + at, multiplyAdd(w, v128.load(row + at, 16), v128.load(target + at, 16)), 16);
  }
}
