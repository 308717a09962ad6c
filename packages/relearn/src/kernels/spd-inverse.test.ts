import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compiledKernels, kernelVariants } from './compiled-kernels.ts';
import { SpdInverse, type SpdInverseOptions } from './spd-inverse.ts';
import { invertSpdReference } from './spd-inverse-reference.ts';
import { ThreadPool } from './thread-pool.ts';

/** A diagonally dominant matrix from a seed. */
function makeSpd(n: number, seed: number): Float64Array {
  const matrix = new Float64Array(n * n);
  for (let row = 0; row < n; row++) {
    for (let column = 0; column <= row; column++) {
      const value = Math.sin(seed + row * 7.3 + column * 3.1);
      matrix[row * n + column] = value;
      matrix[column * n + row] = value;
    }
    matrix[row * n + row] = n + 1;
  }
  return matrix;
}

function inverted(matrix: Float64Array, n: number, options: SpdInverseOptions = {}): Float32Array {
  const inverse = new SpdInverse(n);
  for (let row = 0; row < n; row++) {
    inverse.matrix.set(matrix.subarray(row * n, row * n + row + 1), row * inverse.stride);
  }
  inverse.invert(options);
  return Float32Array.from(
    { length: n * n },
    (_, at) => inverse.matrix[Math.floor(at / n) * inverse.stride + (at % n)]!,
  );
}

test.each(kernelVariants)('inverts as the reference does, whatever the shape: %s', (variant) => {
  const compiled = compiledKernels(variant);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 220 }), fc.integer({ max: 1000 }), (n, seed) => {
      const matrix = makeSpd(n, seed);
      const fast = inverted(matrix, n, { compiled });
      invertSpdReference(matrix, n);
      for (const [at, value] of fast.entries()) expect(Math.abs(value - matrix[at]!)).toBeLessThan(1e-5);
    }),
    { numRuns: 15 },
  );
});

test('gives the same bits by wide tiles and by others with fused multiply-add', () => {
  const matrix = makeSpd(300, 3);
  const wide = inverted(matrix, 300, { compiled: compiledKernels('wide') });
  expect(inverted(matrix, 300, { compiled: compiledKernels('relaxed') })).toEqual(wide);
});

test('gives the same bits with one thread, two and three', async () => {
  const matrix = makeSpd(900, 5);
  const alone = inverted(matrix, 900);
  for (const beside of [1, 2]) {
    const pool = new ThreadPool(beside);
    for (let again = 0; again < 3; again++) expect(inverted(matrix, 900, { pool })).toEqual(alone);
    await pool.close();
  }
});

test('says which pivot keeps a matrix from being positive definite', () => {
  const inverse = new SpdInverse(3);
  for (const [at, value] of [1, 2, -1].entries()) inverse.matrix[at * inverse.stride + at] = value;
  expect(() => inverse.invert()).toThrow('pivot 2 of 3');
});

test('names the limit before it takes memory', () => {
  expect(() => new SpdInverse(40_000)).toThrow(
    /40000 by 40000 matrix would take 6\.\d+ GiB; one WebAssembly memory holds/,
  );
});
