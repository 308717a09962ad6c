import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seededRandom } from '../statistics/seeded-random.ts';
import type { SparseRows } from './sparse-rows.ts';
import { symmetricEigenReference } from './symmetric-eigen-reference.ts';
import { ThreadPool } from './thread-pool.ts';
import { type TruncatedSvd, truncatedSvd } from './truncated-svd.ts';

/** Rows by tastes: each has entries among the columns of its taste mostly, so that singular values fall off. */
function randomRows(rowCount: number, columnCount: number, seed: number): SparseRows {
  const random = seededRandom(seed);
  const [start, items, weights]: number[][] = [[0], [], []];
  for (let row = 0; row < rowCount; row++) {
    for (let column = 0; column < columnCount; column++) {
      if (random() > (column % 5 === row % 5 ? 0.5 : 0.05)) continue;
      items!.push(column);
      weights!.push(0.5 + random());
    }
    start!.push(items!.length);
  }
  return { start: Int32Array.from(start!), items: Int32Array.from(items!), weights: Float32Array.from(weights!) };
}

/** `AᵀA`, f64. */
function gramOf({ start, items, weights }: SparseRows, columnCount: number): Float64Array {
  const gram = new Float64Array(columnCount * columnCount);
  for (let row = 0; row + 1 < start.length; row++) {
    for (let a = start[row]!; a < start[row + 1]!; a++) {
      for (let b = start[row]!; b < start[row + 1]!; b++)
        gram[items[a]! * columnCount + items[b]!]! += weights[a]! * weights[b]!;
    }
  }
  return gram;
}

/** Largest difference of `VᵀV` from the identity. */
function skew({ rank, right }: TruncatedSvd): number {
  let most = 0;
  for (let a = 0; a < rank; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      for (let row = 0; row < right.length; row += rank) sum += right[row + a]! * right[row + b]!;
      most = Math.max(most, Math.abs(sum - (a === b ? 1 : 0)));
    }
  }
  return most;
}

test('finds the singular values and vectors of the whole, whatever the shape and the rank', () => {
  const shape = fc.record({
    rowCount: fc.integer({ min: 1, max: 60 }),
    columnCount: fc.integer({ min: 1, max: 60 }),
    rank: fc.integer({ min: 1, max: 70 }),
    seed: fc.nat(1_000),
  });
  fc.assert(
    fc.property(shape, ({ rowCount, columnCount, rank, seed }) => {
      const matrix = randomRows(rowCount, columnCount, seed);
      const found = truncatedSvd(matrix, columnCount, { rank, seed, roundCount: 8 });
      const gram = gramOf(matrix, columnCount);
      const wanted = symmetricEigenReference(gram, columnCount).values;
      expect(found.rank).toBeLessThanOrEqual(Math.min(rank, rowCount, columnCount));
      for (const [k, value] of found.values.entries()) {
        expect(Math.abs(value - Math.sqrt(wanted[k]!))).toBeLessThan(2e-3 * Math.sqrt(wanted[0]!));
      }
      // None of 3 % of the largest or more is missed.
      expect((wanted[found.rank] ?? 0) > 1e-3 * wanted[0]! && found.rank < rank).toBe(false);
      expect(skew(found)).toBeLessThan(2e-3);
    }),
    // As many values wanted as there are, when one random direction lies almost among the others.
    { numRuns: 40, examples: [[{ rowCount: 9, columnCount: 35, rank: 59, seed: 410 }]] },
  );
});

test('a matrix of few directions has as many singular values, however many are asked for', () => {
  const pattern = [1, 0, 2, 0, 3];
  const items = Int32Array.from({ length: 30 * 3 }, (_, at) => (at % 3) * 2);
  const weights = Float32Array.from({ length: 90 }, (_, at) => pattern[(at % 3) * 2]! * (1 + Math.floor(at / 3)));
  const start = Int32Array.from({ length: 31 }, (_, row) => row * 3);
  const { rank, right } = truncatedSvd({ start, items, weights }, 5, { rank: 4, seed: 1 });
  expect(rank).toBe(1);
  for (const [column, value] of right.entries())
    expect(Math.abs(value)).toBeCloseTo(pattern[column]! / Math.sqrt(14), 5);
});

test('the same seed gives the same bits with one thread and three, and nothing comes of nothing', async () => {
  const matrix = randomRows(500, 400, 3);
  const alone = truncatedSvd(matrix, 400, { rank: 40, seed: 5 });
  const pool = new ThreadPool(2);
  for (let again = 0; again < 3; again++) expect(truncatedSvd(matrix, 400, { rank: 40, seed: 5, pool })).toEqual(alone);
  await pool.close();
  const empty = { start: new Int32Array(4), items: new Int32Array(0), weights: new Float32Array(0) };
  expect(truncatedSvd(empty, 5, { rank: 3, seed: 1 }).rank).toBe(0);
  expect(truncatedSvd({ ...empty, start: new Int32Array(1) }, 0, { rank: 3, seed: 1 }).rank).toBe(0);
});

test('names the limit before it takes memory', () => {
  const start = new Int32Array(2_000_001);
  const empty = { start, items: new Int32Array(0), weights: new Float32Array(0) };
  expect(() => truncatedSvd(empty, 1_000_000, { rank: 512, seed: 1 })).toThrow(
    /The 512 largest singular values of 2000000 by 1000000 would take \d+\.\d+ GiB; one WebAssembly memory holds/,
  );
});
