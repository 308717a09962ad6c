import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SpdInverse } from './spd-inverse.ts';
import { invertSpdReference } from './spd-inverse-reference.ts';
import { ThreadPool } from './thread-pool.ts';
import { TiledSpdInverse, takeSpdInverse } from './tiled-spd-inverse.ts';

/** A diagonally dominant matrix from a seed, f64 row-major. */
function makeSpd(n: number, seed: number): Float64Array {
  const value = (row: number, column: number) =>
    Math.sin(seed + Math.max(row, column) * 7.3 + Math.min(row, column) * 3.1);
  return Float64Array.from({ length: n * n }, (_, at) => {
    const [row, column] = [Math.floor(at / n), at % n];
    return row === column ? n + 1 : value(row, column);
  });
}

function inverted(inverse: SpdInverse | TiledSpdInverse, matrix: Float64Array, pool?: ThreadPool): Float32Array {
  const { n } = inverse;
  for (let row = 0; row < n; row++) inverse.lowerRow(row).set(matrix.subarray(row * n, row * n + row + 1));
  inverse.invert({ pool });
  const whole = new Float32Array(n * n);
  for (let row = 0; row < n; row++) inverse.readRow(row, whole.subarray(row * n, (row + 1) * n));
  return whole;
}

test('inverts in tiles as the reference does, whatever the shape', () => {
  const size = fc.integer({ min: 1, max: 150 });
  fc.assert(
    fc.property(size, fc.integer({ min: 1, max: 60 }), fc.nat(1_000), (n, tileRowsMax, seed) => {
      const matrix = makeSpd(n, seed);
      const found = inverted(new TiledSpdInverse(n, { tileRowsMax }), matrix);
      invertSpdReference(matrix, n);
      for (const [at, value] of found.entries()) expect(Math.abs(value - matrix[at]!)).toBeLessThan(1e-5);
    }),
    { numRuns: 40 },
  );
});

test('gives the same bits with one thread, two and three', async () => {
  const matrix = makeSpd(1_700, 5);
  const tiled = () => new TiledSpdInverse(1_700, { tileRowsMax: 900 });
  const alone = inverted(tiled(), matrix);
  for (const beside of [1, 2]) {
    const pool = new ThreadPool(beside);
    expect(inverted(tiled(), matrix, pool)).toEqual(alone);
    await pool.close();
  }
});

test('what one memory holds is inverted there, and else in tiles', () => {
  const memoryBytesMax = SpdInverse.sizeBytes(500);
  expect(takeSpdInverse(500, { memoryBytesMax })).toBeInstanceOf(SpdInverse);
  const tiled = takeSpdInverse(700, { memoryBytesMax, tileRowsMax: 200 });
  expect(tiled).toBeInstanceOf(TiledSpdInverse);
  const matrix = makeSpd(700, 3);
  const [found, wanted] = [inverted(tiled, matrix), inverted(new SpdInverse(700), matrix)];
  for (const [at, value] of found.entries()) expect(Math.abs(value - wanted[at]!)).toBeLessThan(1e-6);
});

test('says among which pivots is one that keeps a matrix from being positive definite', () => {
  const inverse = new TiledSpdInverse(5, { tileRowsMax: 2 });
  for (const [at, value] of [1, 2, -1, 3, 4].entries()) inverse.lowerRow(at)[at] = value;
  expect(() => inverse.invert()).toThrow('one of the pivots 2 to 3 of 5 is not above 0');
});

test('names what is free before it takes memory', () => {
  expect(() => takeSpdInverse(40_000, { totalBytesMax: 2 ** 31 })).toThrow(
    'The inverse of a 40000 by 40000 matrix would take 3.52 GiB in tiles; 2.00 GiB are free.',
  );
  expect(() => takeSpdInverse(10_000_000)).toThrow(/10000000 by 10000000 matrix would take \d+\.\d+ GiB in tiles/);
});
