import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seededRandom } from '../statistics/seeded-random.ts';
import { localRidge } from './local-ridge.ts';
import { localRidgeReference } from './local-ridge-reference.ts';
import type { SparseRows } from './sparse-rows.ts';
import { ThreadPool } from './thread-pool.ts';

function randomRows(rowCount: number, columnCount: number, seed: number): SparseRows & { dense: Float64Array } {
  const random = seededRandom(seed);
  const dense = new Float64Array(rowCount * columnCount);
  const [start, items, weights]: number[][] = [[0], [], []];
  for (let row = 0; row < rowCount; row++) {
    for (let column = 0; column < columnCount; column++) {
      if (random() > 0.5 / (1 + (column % 7))) continue;
      const weight = Math.fround(0.5 + random());
      dense[row * columnCount + column] = weight;
      items!.push(column);
      weights!.push(weight);
    }
    start!.push(items!.length);
  }
  return {
    start: Int32Array.from(start!),
    items: Int32Array.from(items!),
    weights: Float32Array.from(weights!),
    dense,
  };
}

test('solves what the reference solves, from the neighbours that foretell best', () => {
  const shape = fc.record({
    rowCount: fc.integer({ min: 1, max: 60 }),
    columnCount: fc.integer({ min: 1, max: 50 }),
    neighbourCount: fc.integer({ min: 1, max: 60 }),
    seed: fc.nat(1_000),
  });
  fc.assert(
    fc.property(shape, ({ rowCount, columnCount, neighbourCount, seed }) => {
      const rows = randomRows(rowCount, columnCount, seed);
      const ridge = Float32Array.from({ length: columnCount }, (_, item) => 1 + (item % 3));
      const { neighbours, weights } = localRidge(rows, columnCount, {
        ridge,
        neighbourCount,
        keptCount: neighbourCount,
      });
      for (let target = 0; target < columnCount; target++) {
        const from = target * neighbourCount;
        const own = [...neighbours.subarray(from, from + neighbourCount)].filter((item) => item >= 0);
        expect(new Set(own).size).toBe(own.length);
        expect(own).not.toContain(target);
        const wanted = localRidgeReference(rows.dense, columnCount, { target, neighbours: own, ridge });
        for (const [at, weight] of wanted.entries()) expect(weights[from + at]).toBeCloseTo(weight, 3);
      }
    }),
    { numRuns: 40 },
  );
});

test('keeps the strongest weights, and of neighbours those that share most', () => {
  const rows = randomRows(80, 30, 2);
  const ridge = new Float32Array(30).fill(2);
  const all = localRidge(rows, 30, { ridge, neighbourCount: 29, keptCount: 29 });
  const some = localRidge(rows, 30, { ridge, neighbourCount: 29, keptCount: 4 });
  for (let item = 0; item < 30; item++) {
    const strengths = [...all.weights.subarray(item * 29, item * 29 + 29)].map(Math.abs).sort((a, b) => b - a);
    const kept = [...some.weights.subarray(item * 4, item * 4 + 4)].map(Math.abs).sort((a, b) => b - a);
    expect(kept).toEqual(strengths.slice(0, 4));
  }
});

test('gives the same bits with one thread and three, and nothing for nothing', async () => {
  const rows = randomRows(300, 400, 3);
  const options = { ridge: new Float32Array(400).fill(5), neighbourCount: 50, keptCount: 20 };
  const alone = localRidge(rows, 400, options);
  const pool = new ThreadPool(2);
  for (let again = 0; again < 3; again++) expect(localRidge(rows, 400, { ...options, pool })).toEqual(alone);
  await pool.close();
  const empty = { start: new Int32Array(3), items: new Int32Array(0), weights: new Float32Array(0) };
  const { neighbours, weights } = localRidge(empty, 5, { ...options, ridge: new Float32Array(5).fill(1) });
  expect(neighbours.every((item) => item === -1) && weights.every((weight) => weight === 0)).toBe(true);
  expect(localRidge({ ...empty, start: new Int32Array(1) }, 0, options).weights).toHaveLength(0);
});

test('names the limit before it takes memory, and says what to do where items are all alike', () => {
  const empty = { start: new Int32Array(2), items: new Int32Array(0), weights: new Float32Array(0) };
  const ridge = new Float32Array(10_000);
  expect(() => localRidge(empty, 10_000, { ridge, neighbourCount: 9_000, keptCount: 1 })).toThrow(
    /9000 neighbours for each of 10000 items would take \d+\.\d+ GiB; one WebAssembly memory holds/,
  );
  const alike = { start: Int32Array.of(0, 3), items: Int32Array.of(0, 1, 2), weights: new Float32Array(3).fill(1) };
  const none = new Float32Array(3);
  expect(() => localRidge(alike, 3, { ridge: none, neighbourCount: 2, keptCount: 2 })).toThrow('regularisation');
});

test('weights whose products are nothing in f32 bring no neighbours, and none of them twice', () => {
  const { start, items } = randomRows(40, 6, 3);
  const weights = new Float32Array(items.length).fill(1e-30);
  const options = { ridge: new Float32Array(6).fill(1), neighbourCount: 6, keptCount: 6 };
  expect(new Set(localRidge({ start, items, weights }, 6, options).neighbours)).toEqual(new Set([-1]));
});
