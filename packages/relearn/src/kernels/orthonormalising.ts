/** Columns of which so little is their own, the rest being sums of those before, are left out: what is left of them is rounding errors. */
const OWN_SHARE_MIN = 1e-5;

/**
 * What makes the columns of a tall matrix Y orthonormal: `C` such that `(Y C)ᵀ(Y C) = I`, from their Gram matrix G = YᵀY. It is `L⁻ᵀ` of G = L Lᵀ, in f64. A column
 * that depends on those before it becomes zero, and so does its row of the identity. 2/3 n³ operations.
 *
 * @param gram f32 row-major, shape (n, n), symmetric.
 * @returns f64 row-major, shape (n, n), upper triangular.
 *
 * Source: Stathopoulos & Wu 2002 (Cholesky QR).
 */
export function orthonormalising(gram: Float32Array, n: number): Float64Array {
  const lower = new Float64Array(n * n);
  const inverse = new Float64Array(n * n);
  for (let row = 0; row < n; row++) {
    factoriseRow(gram, lower, row, n);
    invertRow(lower, inverse, row, n);
  }
  const turned = new Float64Array(n * n);
  for (let row = 0; row < n; row++)
    for (let column = 0; column <= row; column++) turned[column * n + row] = inverse[row * n + column]!;
  return turned;
}

/** Row of L: `L[row, column] = (G[row, column] − Σ L[row, k] · L[column, k]) / L[column, column]`. */
function factoriseRow(gram: Float32Array, lower: Float64Array, row: number, n: number): void {
  const own = lower.subarray(row * n, row * n + n);
  for (let column = 0; column < row; column++) {
    const pivot = lower[column * n + column]!;
    const sum = gram[row * n + column]! - dot(own, lower.subarray(column * n, column * n + column), column);
    own[column] = pivot === 0 ? 0 : sum / pivot;
  }
  const length = gram[row * n + row]!;
  const left = length - dot(own, own, row);
  own[row] = left > OWN_SHARE_MIN * length ? Math.sqrt(left) : 0;
}

/** Row of L⁻¹, from those before: `−(Σ_k L[row, k] · L⁻¹[k, :]) / L[row, row]`. */
function invertRow(lower: Float64Array, inverse: Float64Array, row: number, n: number): void {
  const pivot = lower[row * n + row]!;
  if (pivot === 0) return;
  const target = inverse.subarray(row * n, row * n + row + 1);
  for (let k = 0; k < row; k++) {
    const factor = -lower[row * n + k]! / pivot;
    const from = k * n;
    for (let column = 0; column <= k; column++) target[column]! += factor * inverse[from + column]!;
  }
  target[row] = 1 / pivot;
}

function dot(a: Float64Array, b: Float64Array, length: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let k = 0;
  for (; k + 4 <= length; k += 4) {
    s0 += a[k]! * b[k]!;
    s1 += a[k + 1]! * b[k + 1]!;
    s2 += a[k + 2]! * b[k + 2]!;
    s3 += a[k + 3]! * b[k + 3]!;
  }
  for (; k < length; k++) s0 += a[k]! * b[k]!;
  return s0 + s1 + s2 + s3;
}
