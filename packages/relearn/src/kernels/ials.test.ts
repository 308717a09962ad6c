import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seededRandom } from '../statistics/seeded-random.ts';
import { compiledKernels } from './compiled-kernels.ts';
import { AlternatingLeastSquares, type AlternatingOptions } from './ials.ts';
import { leastSquaresRowReference } from './least-squares-row-reference.ts';
import { RowFolder } from './row-folder.ts';
import type { SparseRows } from './sparse-rows.ts';
import { ThreadPool } from './thread-pool.ts';

function randomEntries(rowCount: number, columnCount: number, seed: number): SparseRows {
  const random = seededRandom(seed);
  const [start, items, weights]: number[][] = [[0], [], []];
  for (let row = 0; row < rowCount; row++) {
    for (let column = 0; column < columnCount; column++) {
      if (random() > 0.2) continue;
      items!.push(column);
      weights!.push(0.5 + random());
    }
    start!.push(items!.length);
  }
  return { start: Int32Array.from(start!), items: Int32Array.from(items!), weights: Float32Array.from(weights!) };
}

const options: AlternatingOptions = {
  factorCount: 16,
  unobservedWeight: 0.1,
  ridge: (weight, amongCount) => 0.05 * (weight + 0.1 * amongCount),
  stepCount: 2,
  seed: 1,
};

test('a row folded in is the minimum that the reference finds', () => {
  const shape = fc.record({
    rowCount: fc.integer({ min: 1, max: 60 }),
    columnCount: fc.integer({ min: 1, max: 60 }),
    factorCount: fc.constantFrom(16, 32, 64),
    seed: fc.nat(1_000),
  });
  fc.assert(
    fc.property(shape, ({ rowCount, columnCount, factorCount, seed }) => {
      const training = new AlternatingLeastSquares(randomEntries(rowCount, columnCount, seed), columnCount, {
        ...options,
        factorCount,
      });
      training.epoch();
      const items = training.columns();
      const { items: some, weights } = randomEntries(1, columnCount, seed + 1);
      const scores = new Float32Array(columnCount);
      new RowFolder(items, { stepCount: 60, unobservedWeight: 0.1 }).score(
        [{ items: some, weights, ridge: 0.5 }],
        scores,
      );
      const entries = new Map(Array.from(some, (item, at) => [item, weights[at]!]));
      const x = leastSquaresRowReference(items.factors, factorCount, { entries, unobservedWeight: 0.1, ridge: 0.5 });
      for (let item = 0; item < columnCount; item++) {
        const wanted = x.reduce((sum, value, k) => sum + value * items.factors[item * factorCount + k]!, 0);
        expect(Math.abs(scores[item]! - wanted)).toBeLessThan(1e-3);
      }
    }),
    { numRuns: 30 },
  );
});

test('comes to the same bits by wide tiles as by others with fused multiply-add', () => {
  const entries = randomEntries(130, 90, 3);
  const [wide, relaxed] = (['wide', 'relaxed'] as const).map((variant) => {
    const compiled = compiledKernels(variant);
    const training = new AlternatingLeastSquares(entries, 90, { ...options, factorCount: 64, compiled });
    for (let epoch = 0; epoch < 3; epoch++) training.epoch();
    return training.columns().factors.slice();
  });
  expect(wide).toEqual(relaxed);
});

test.each([
  { rows: 'short', rowCount: 200, columnCount: 150, pull: 0.05, near: 0.04 },
  { rows: 'long', rowCount: 700, columnCount: 600, pull: 0.01, near: 0.08 },
])(
  'two steps from 0 come near what exact solutions come to, four nearer: $rows rows',
  ({ rowCount, columnCount, pull, near }) => {
    const entries = randomEntries(rowCount, columnCount, 2);
    const ridge = (weight: number, amongCount: number) => pull * (weight + 0.1 * amongCount);
    const [exact, ...others] = [40, 2, 4].map((stepCount) => {
      const training = new AlternatingLeastSquares(entries, columnCount, { ...options, stepCount, ridge });
      for (let epoch = 0; epoch < 30; epoch++) training.epoch();
      return training.columns().moments;
    });
    const errors = others.map((moments) => Math.max(...moments.map((value, k) => Math.abs(value - exact![k]!))));
    expect(errors[0]).toBeLessThan(near * exact![0]!);
    expect(errors[1]).toBeLessThan(0.001 * exact![0]!);
  },
);

test('gives the same bits with one thread and three, and refuses what does not fit', async () => {
  const entries = randomEntries(500, 400, 3);
  const trained = (pool?: ThreadPool) => {
    const training = new AlternatingLeastSquares(entries, 400, { ...options, pool });
    for (let epoch = 0; epoch < 3; epoch++) training.epoch();
    return training.columns();
  };
  const alone = trained();
  const pool = new ThreadPool(2);
  for (let again = 0; again < 3; again++) expect(trained(pool)).toEqual(alone);
  await pool.close();
  expect(() => new AlternatingLeastSquares(entries, 2 ** 26, options)).toThrow(
    /16 factors of 500 by 67108864 would take \d+\.\d+ GiB; one WebAssembly memory holds/,
  );
});
