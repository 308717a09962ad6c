import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seededRandom } from '../statistics/seeded-random.ts';
import { likeItems } from './like-items.ts';
import { likeItemsReference } from './like-items-reference.ts';
import type { SparseRows } from './sparse-rows.ts';
import { ThreadPool } from './thread-pool.ts';

/** Weights in steps that f32 sums without rounding, so that equals are equal. */
function randomRows(rowCount: number, itemCount: number, seed: number): SparseRows & { dense: Float64Array } {
  const random = seededRandom(seed);
  const dense = new Float64Array(rowCount * itemCount);
  const [start, items, weights]: number[][] = [[0], [], []];
  for (let row = 0; row < rowCount; row++) {
    for (const item of Array.from({ length: itemCount }, (_, own) => own).sort(() => random() - 0.5)) {
      if (random() > 0.5 / (1 + (item % 7))) continue;
      const weight = Math.ceil(4 * random()) / 4;
      dense[row * itemCount + item] = weight;
      items!.push(item);
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

test('finds what the reference finds, in its order', () => {
  const shape = fc.record({
    rowCount: fc.integer({ min: 1, max: 40 }),
    itemCount: fc.integer({ min: 1, max: 50 }),
    keptCount: fc.integer({ min: 1, max: 60 }),
    withItself: fc.boolean(),
    hasNorms: fc.boolean(),
    seed: fc.nat(1_000),
  });
  fc.assert(
    fc.property(shape, ({ rowCount, itemCount, keptCount, withItself, hasNorms, seed }) => {
      const rows = randomRows(rowCount, itemCount, seed);
      // Powers of 2: no quotient is rounded.
      const norms = hasNorms ? Float32Array.from({ length: itemCount }, (_, item) => 2 ** (item % 3)) : undefined;
      const options = { keptCount, withItself, norms, shrink: hasNorms ? 0 : 2 };
      const { items, likenesses } = likeItems(rows, itemCount, options);
      for (let item = 0; item < itemCount; item++) {
        const wanted = likeItemsReference(rows.dense, item, { ...options, itemCount });
        const padding = Array.from({ length: keptCount - wanted.length }, () => ({ item: -1, likeness: 0 }));
        const found = Array.from(items.subarray(item * keptCount, (item + 1) * keptCount), (other, place) => ({
          item: other,
          likeness: likenesses[item * keptCount + place]!,
        }));
        expect(found).toEqual([...wanted, ...padding]);
      }
    }),
  );
});

test('gives the same bits with one thread and three, and nothing for nothing', async () => {
  const rows = randomRows(200, 900, 3);
  const options = { keptCount: 20, norms: new Float32Array(900).fill(0.3) };
  const alone = likeItems(rows, 900, options);
  const pool = new ThreadPool(2);
  for (let again = 0; again < 3; again++) expect(likeItems(rows, 900, { ...options, pool })).toEqual(alone);
  await pool.close();
  const empty = { start: new Int32Array(3), items: new Int32Array(0), weights: new Float32Array(0) };
  expect(likeItems(empty, 5, { keptCount: 20 }).items.every((item) => item === -1)).toBe(true);
  expect(likeItems({ ...empty, start: new Int32Array(1) }, 0, { keptCount: 20 }).items).toHaveLength(0);
});

test('names the limit before it takes memory', () => {
  const empty = { start: new Int32Array(2), items: new Int32Array(0), weights: new Float32Array(0) };
  expect(() => likeItems(empty, 20_000_000, { keptCount: 1 })).toThrow(
    /1 neighbours for each of 20000000 items would take \d+\.\d+ GiB; one WebAssembly memory holds/,
  );
});
