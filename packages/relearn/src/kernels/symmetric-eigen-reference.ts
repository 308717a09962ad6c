import type { Eigen } from './symmetric-eigen.ts';

/** Rounds over all pairs; a dozen is usual. */
const ROUNDS_MAX = 60;

/**
 * Eigenvalues and vectors by rotating away one entry after the other (Jacobi 1846). The plain one, in f64: what the fast kernel is held against.
 *
 * @param matrix f64 row-major, shape (n, n), symmetric; left as it is.
 *
 * O(n³) a round.
 */
export function symmetricEigenReference(matrix: Float64Array, n: number): Eigen {
  const a = matrix.slice();
  const vectors = Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0));
  for (let round = 0; round < ROUNDS_MAX && !isDiagonal(a, n); round++) {
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotateAway(a, vectors, { n, p, q });
  }
  const order = Array.from({ length: n }, (_, at) => at).sort((x, y) => a[y * n + y]! - a[x * n + x]!);
  return {
    values: Float64Array.from(order, (at) => a[at * n + at]!),
    vectors: Float64Array.from({ length: n * n }, (_, at) => vectors[order[Math.floor(at / n)]! * n + (at % n)]!),
  };
}

function isDiagonal(a: Float64Array, n: number): boolean {
  let [beside, all] = [0, 0];
  for (let at = 0; at < a.length; at++) {
    all += a[at]! ** 2;
    if (at % (n + 1) !== 0) beside += a[at]! ** 2;
  }
  return beside <= all * Number.EPSILON ** 2;
}

function rotateAway(a: Float64Array, vectors: Float64Array, { n, p, q }: { n: number; p: number; q: number }): void {
  const beside = a[p * n + q]!;
  if (beside === 0) return;
  const half = (a[q * n + q]! - a[p * n + p]!) / (2 * beside);
  const tangent = (half < 0 ? -1 : 1) / (Math.abs(half) + Math.sqrt(half * half + 1));
  const cosine = 1 / Math.sqrt(tangent * tangent + 1);
  const sine = tangent * cosine;
  const turn = (m: Float64Array, one: number, other: number) => {
    const [x, y] = [m[one]!, m[other]!];
    m[one] = cosine * x - sine * y;
    m[other] = sine * x + cosine * y;
  };
  for (let k = 0; k < n; k++) turn(a, p * n + k, q * n + k);
  for (let k = 0; k < n; k++) turn(a, k * n + p, k * n + q);
  for (let k = 0; k < n; k++) turn(vectors, p * n + k, q * n + k);
}
