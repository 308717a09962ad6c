import { expect, test } from 'vitest';
import { historyOf, rankingData } from '../testing/index.ts';
import { PriceFeatures, trainPriceFeatures } from './price-features.ts';

const data = rankingData(
  [
    { user: 0, item: 0, atMs: 2 },
    { user: 0, item: 1, atMs: 3 },
    { user: 0, item: 2, atMs: 4 },
    { user: 1, item: 0, atMs: 1 },
  ],
  { userCount: 2, itemCount: 4 },
);
const prices = Float32Array.of(4, 16, Number.NaN, 2);

test.each([
  ['as trained', trainPriceFeatures(data, prices)],
  ['read back', PriceFeatures.unpack(trainPriceFeatures(data, prices).pack())],
])('tells what an item costs, beside what it did and what the own items cost, %s', (_, features) => {
  const rows = new Float32Array(3 * 5);
  features.write({ history: historyOf(data, 0), nowMs: 5 }, Int32Array.of(0, 1, 3), rows, 5, 1);
  const [two, none] = [Math.log(2), Number.NaN];
  const expected = [
    [2 * two, 0.5 * two, 3 * two, -two],
    [4 * two, 0, 3 * two, two],
    [none, none, 3 * two, none],
  ];
  const rounded = (values: ArrayLike<number>) => Array.from(values, (value) => Math.round(value * 1e5));
  for (const [row, values] of expected.entries()) {
    expect(rounded(rows.subarray(row * 5 + 1, row * 5 + 5))).toEqual(rounded(values));
  }
});

test('without any price all is missing', () => {
  const features = trainPriceFeatures(data, new Float32Array(4).fill(Number.NaN));
  const rows = new Float32Array(4);
  features.write({ history: historyOf(data, 0), nowMs: 5 }, Int32Array.of(1), rows, 4, 0);
  expect([...rows]).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
});
