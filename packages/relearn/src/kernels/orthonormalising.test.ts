import { expect, test } from 'vitest';
import { orthonormalising } from './orthonormalising.ts';

/** `CᵀGC`. */
function turned(gram: Float32Array, c: Float64Array, n: number): Float64Array {
  const result = new Float64Array(n * n);
  for (let a = 0; a < n; a++) {
    for (let b = 0; b < n; b++) {
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++) result[a * n + b]! += c[i * n + a]! * gram[i * n + j]! * c[j * n + b]!;
    }
  }
  return result;
}

test('makes columns orthonormal by their Gram matrix, and leaves out those that depend on others', () => {
  // Columns (1, 0, 0), (2, 1, 0), their sum, (0, 0, 5) and none.
  const columns = [
    [1, 0, 0],
    [2, 1, 0],
    [3, 1, 0],
    [0, 0, 5],
    [0, 0, 0],
  ];
  const gram = Float32Array.from(
    columns.flatMap((a) => columns.map((b) => a.reduce((sum, x, k) => sum + x * b[k]!, 0))),
  );
  const product = turned(gram, orthonormalising(gram, 5), 5);
  const wanted = [1, 1, 0, 1, 0];
  for (const [at, value] of product.entries()) {
    expect(value).toBeCloseTo(at % 6 === 0 ? wanted[at / 6]! : 0, 10);
  }
});
