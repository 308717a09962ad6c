/**
 * Inverts a symmetric positive definite matrix in place: Cholesky (A = LLᵀ), then A⁻¹ = L⁻ᵀL⁻¹. The plain one, in f64: what the fast kernel is held against.
 *
 * @param matrix f64 row-major, shape (n, n); its lower triangle is read, the whole is overwritten.
 * @throws RangeError when the matrix is not positive definite.
 *
 * O(n³).
 */
export function invertSpdReference(matrix: Float64Array, n: number): void {
  factorise(matrix, n);
  invertLower(matrix, n);
  multiplyTransposed(matrix, n);
}

function factorise(a: Float64Array, n: number): void {
  for (let row = 0; row < n; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = a[row * n + column]!;
      for (let k = 0; k < column; k++) sum -= a[row * n + k]! * a[column * n + k]!;
      if (row !== column) a[row * n + column] = sum / a[column * n + column]!;
      else if (sum > 0) a[row * n + row] = Math.sqrt(sum);
      else throw new RangeError(`The matrix is not positive definite: pivot ${row} of ${n} is ${sum}.`);
    }
  }
}

function invertLower(a: Float64Array, n: number): void {
  for (let column = 0; column < n; column++) {
    a[column * n + column] = 1 / a[column * n + column]!;
    for (let row = column + 1; row < n; row++) {
      let sum = 0;
      for (let k = column; k < row; k++) sum -= a[row * n + k]! * a[k * n + column]!;
      a[row * n + column] = sum / a[row * n + row]!;
    }
  }
}

function multiplyTransposed(a: Float64Array, n: number): void {
  for (let row = 0; row < n; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = 0;
      for (let k = row; k < n; k++) sum += a[k * n + row]! * a[k * n + column]!;
      a[row * n + column] = sum;
    }
  }
  for (let row = 0; row < n; row++)
    for (let column = 0; column < row; column++) a[column * n + row] = a[row * n + column]!;
}
