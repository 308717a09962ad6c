import { expect, test } from 'vitest';
import { trainGraphFilter } from './graph-filter.ts';

/** Taken by user: items; what the plain formula says of it is computed beside. */
const taken = [
  [0, 1],
  [0, 1, 2],
  [1, 2, 3],
  [3, 4],
];

test('is the formula, entry by entry', () => {
  const users = taken.flatMap((row, user) => row.map(() => user));
  const items = taken.flat();
  const data = {
    userCount: taken.length,
    itemCount: 5,
    users: Int32Array.from(users),
    items: Int32Array.from(items),
    atMs: new Float64Array(items.length).fill(Number.NaN),
    weights: new Float32Array(items.length).fill(1),
    baskets: Int32Array.from(items.keys()),
  };
  const model = trainGraphFilter(data, { userShare: 0.6, power: 0.7 }, { nowMs: 0 });
  const takers = (item: number) => taken.filter((row) => row.includes(item)).length;
  const cell = (row: readonly number[], item: number) =>
    row.includes(item) ? row.length ** -0.6 * takers(item) ** -0.4 : 0;
  const plain = (one: number, other: number) =>
    taken.reduce((sum, row) => sum + cell(row, one) * cell(row, other), 0) ** 0.7;
  const scores = new Float32Array(5);
  const history = { items: Int32Array.of(1), atMs: Float64Array.of(Number.NaN), weights: Float32Array.of(1) };
  model.score(history, 0, scores);
  for (let item = 0; item < 5; item++) expect(scores[item]).toBeCloseTo(plain(1, item), 5);
});
