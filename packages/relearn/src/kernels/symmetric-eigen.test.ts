import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seededRandom } from '../statistics/seeded-random.ts';
import { compiledKernels, kernelVariants } from './compiled-kernels.ts';
import { type Eigen, SymmetricEigen } from './symmetric-eigen.ts';
import { symmetricEigenReference } from './symmetric-eigen-reference.ts';
import { ThreadPool } from './thread-pool.ts';

/** XᵀX of random values: positive, of lower rank where there are fewer rows than columns; minus a shift, so that some values are below 0. */
function madeSymmetric(n: number, { seed, rank = n, shift = 0 }: { seed: number; rank?: number; shift?: number }) {
  const random = seededRandom(seed);
  const rows = Array.from({ length: rank }, () => Float64Array.from({ length: n }, () => random() - 0.5));
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const value = rows.reduce((sum, row) => sum + row[i]! * row[j]!, i === j ? -shift : 0);
      matrix[i * n + j] = value;
      matrix[j * n + i] = value;
    }
  }
  return matrix;
}

/** Farthest that `A vᵢ` is from `λᵢ vᵢ`, and `vᵢ · vⱼ` from the unit matrix. */
function farthest(matrix: Float64Array, n: number, { values, vectors }: Eigen): number {
  let most = 0;
  const vector = (at: number) => vectors.subarray(at * n, at * n + n);
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, at) => sum + value * b[at]!, 0);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      most = Math.max(most, Math.abs(dot(matrix.subarray(j * n, j * n + n), vector(i)) - values[i]! * vector(i)[j]!));
      most = Math.max(most, Math.abs(dot(vector(i), vector(j)) - (i === j ? 1 : 0)));
    }
  }
  return most;
}

test.each(kernelVariants)('finds what the reference finds, whatever the shape: %s', (variant) => {
  const shapes = {
    n: fc.integer({ min: 0, max: 48 }),
    seed: fc.nat(1000),
    rank: fc.integer({ min: 0, max: 60 }),
    shift: fc.constantFrom(0, 2),
  };
  fc.assert(
    fc.property(fc.record(shapes), ({ n, ...made }) => {
      const matrix = madeSymmetric(n, made);
      const found = new SymmetricEigen(n, compiledKernels(variant)).decompose(matrix);
      const plain = symmetricEigenReference(matrix, n);
      for (const [at, value] of found.values.entries()) expect(value).toBeCloseTo(plain.values[at]!, 10);
      expect(farthest(matrix, n, found)).toBeLessThan(1e-10);
    }),
    { numRuns: 60 },
  );
});

test.each([
  ['zeros', [0, 0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0]],
  ['a diagonal', [2, 0, 0, 0, -1, 0, 0, 0, 5], [5, 2, -1]],
  ['values that are the same', [1, 1, 1, 1, 1, 1, 1, 1, 1], [3, 0, 0]],
])('answers %s', (_, matrix, values) => {
  const found = new SymmetricEigen(3).decompose(Float64Array.from(matrix));
  for (const [at, value] of values.entries()) expect(found.values[at]).toBeCloseTo(value, 12);
  expect(farthest(Float64Array.from(matrix), 3, found)).toBeLessThan(1e-12);
});

test('gives the same bits with one thread, two and three, and when it is used again', async () => {
  const n = 390;
  const matrix = madeSymmetric(n, { seed: 3, rank: 40 });
  const solver = new SymmetricEigen(n);
  const alone = solver.decompose(matrix);
  expect(farthest(matrix, n, alone)).toBeLessThan(1e-10);
  for (const beside of [1, 2]) {
    const pool = new ThreadPool(beside);
    expect(solver.decompose(matrix, { pool })).toEqual(alone);
    await pool.close();
  }
});

test('refuses what is not finite or of another size, and names the limit before it takes memory', () => {
  expect(() => new SymmetricEigen(1).decompose(Float64Array.of(Number.NaN))).toThrow('not finite');
  expect(() => new SymmetricEigen(2).decompose(new Float64Array(3))).toThrow('has 4 values, not 3');
  expect(() => new SymmetricEigen(20_000)).toThrow(/20000 by 20000 matrix would take .* GiB/);
});

test('stays finite where values are far below the rounding of the largest', () => {
  const vector = Float64Array.from({ length: 16 }, (_, at) => (at === 0 ? 6 : 10 ** (-16 - at)));
  const matrix = Float64Array.from({ length: 256 }, (_, at) => Math.fround(vector[at >> 4]! * vector[at & 15]!));
  const found = new SymmetricEigen(16).decompose(matrix);
  expect(found.vectors.every(Number.isFinite)).toBe(true);
  expect(farthest(matrix, 16, found)).toBeLessThan(1e-10);
});
