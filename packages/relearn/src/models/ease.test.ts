import { expect, test } from 'vitest';
import { invertSpdReference } from '../kernels/spd-inverse-reference.ts';
import { rankingData } from '../testing/ranking-data.ts';
import { trainEase } from './ease.ts';

const taken = [
  [0, 1, 2],
  [0, 1],
  [1, 2, 3],
  [0, 3],
  [1, 2],
];
const data = rankingData(
  taken.flatMap((items, user) => items.map((item) => ({ user, item }))),
  { userCount: 5, itemCount: 5 },
);

test('weighs by popularity in the diagonal and in the scores, 1 at the mean; what nobody took is as popular as the least', () => {
  const ease = trainEase(
    data,
    { normPower: 1, regularisation: 2, regularisationPower: 0.5, popularityPower: 0.3 },
    { nowMs: 0 },
  );
  const gram = new Float64Array(25);
  for (const items of taken) {
    for (const a of items) for (const b of items) gram[a * 5 + b]! += 1 / items.length;
  }
  const mean = (gram[0]! + gram[6]! + gram[12]! + gram[18]!) / 4;
  const popularity = [gram[0]!, gram[6]!, gram[12]!, gram[18]!, gram[18]!].map((value) => value / mean);
  for (const [item, value] of popularity.entries()) gram[item * 5 + item]! += 2 * value ** 0.5;
  invertSpdReference(gram, 5);
  for (const [from, to] of [
    [0, 1],
    [1, 0],
    [2, 3],
    [3, 2],
    [4, 0],
  ] as const) {
    const weight = -gram[from * 5 + to]! / gram[to * 6]! / popularity[to]! ** 0.3;
    expect(ease.similarity(from, to)).toBeCloseTo(weight, 4);
  }
});
