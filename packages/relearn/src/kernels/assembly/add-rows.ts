import { multiplyAdd } from './multiply-add';

/**
 * `target = Σ weights[i] · matrix[rows[i], :]`: scores of all items from the rows of the few that were taken.
 *
 * @param matrix f32 row-major, `stride` values a row, a multiple of 16.
 * @param rows   i32, shape (count).
 * @param weights f32, shape (count).
 * @param target f32, shape (stride); overwritten.
 */
export function addRows(matrix: usize, stride: i32, rows: usize, weights: usize, count: i32, target: usize): void {
  const end = (<usize>count) << 2;
  for (let column = 0; column < stride; column += 16) {
    let s0 = f32x4.splat(0), s1 = f32x4.splat(0), s2 = f32x4.splat(0), s3 = f32x4.splat(0);
    for (let at: usize = 0; at < end; at += 4) {
      const row = matrix + (((<usize>load<i32>(rows + at)) * (<usize>stride) + (<usize>column)) << 2);
      const weight = v128.load32_splat(weights + at);
      s0 = multiplyAdd(weight, v128.load(row), s0);
      s1 = multiplyAdd(weight, v128.load(row, 16), s1);
      s2 = multiplyAdd(weight, v128.load(row, 32), s2);
      s3 = multiplyAdd(weight, v128.load(row, 48), s3);
    }
    v128.store(target, s0);
    v128.store(target, s1, 16);
    v128.store(target, s2, 32);
    v128.store(target, s3, 48);
    target += 64;
  }
}
