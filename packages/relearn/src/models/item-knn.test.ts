import fc from 'fast-check';
import { expect, test } from 'vitest';
import { trainItemKnn } from './item-knn.ts';
import type { RankingData } from './ranking.ts';

const itemCount = 8;
const taken = fc.array(fc.uniqueArray(fc.nat(itemCount - 1)), { minLength: 1, maxLength: 12 });

function dataOf(users: readonly (readonly number[])[]): RankingData {
  const pairs = users.flatMap((items, user) => items.map((item) => [user, item] as const));
  return {
    userCount: users.length,
    itemCount,
    users: Int32Array.from(pairs, ([user]) => user),
    items: Int32Array.from(pairs, ([, item]) => item),
    atMs: new Float64Array(pairs.length).fill(Number.NaN),
    weights: new Float32Array(pairs.length).fill(1),
    baskets: new Int32Array(pairs.length),
  };
}

test('similarity is the shrunken cosine of the users in common', () => {
  fc.assert(
    fc.property(taken, (users) => {
      const model = trainItemKnn(dataOf(users), { shrink: 2 }, { nowMs: 0 });
      const count = (...items: number[]) => users.filter((row) => items.every((item) => row.includes(item))).length;
      for (let a = 0; a < itemCount; a++) {
        for (let b = 0; b < itemCount; b++) {
          const cosine = a === b ? 0 : count(a, b) / (Math.sqrt(count(a) * count(b)) + 2);
          expect(model.similarity(a, b)).toBeCloseTo(cosine, 5);
        }
      }
    }),
  );
});

test.each(['tf-idf', 'bm25'] as const)('%s weighs each deed by the rarity of its user’s', (weighting) => {
  fc.assert(
    fc.property(taken, (users) => {
      const model = trainItemKnn(dataOf(users), { shrink: 0, weighting }, { nowMs: 0 });
      const takers = Array.from({ length: itemCount }, (_, item) => users.filter((row) => row.includes(item)));
      const counts = takers.map(({ length }) => length).filter((count) => count > 0);
      const mean = counts.reduce((a, b) => a + b, 0) / counts.length;
      const weight = (row: readonly number[], item: number) => {
        const idf = Math.log(1 + itemCount / row.length);
        return weighting === 'tf-idf' ? idf : (idf * 2.2) / (1 + 1.2 * (0.25 + (0.75 * takers[item]!.length) / mean));
      };
      const product = (a: number, b: number) =>
        takers[a]!.filter((row) => row.includes(b)).reduce((sum, row) => sum + weight(row, a) * weight(row, b), 0);
      for (let a = 0; a < itemCount; a++) {
        for (let b = 0; b < itemCount; b++) {
          if (a === b || product(a, b) === 0) continue;
          const lengths = weighting === 'tf-idf' ? Math.sqrt(product(a, a) * product(b, b)) : 1;
          expect(model.similarity(a, b)).toBeCloseTo(product(a, b) / lengths, 4);
        }
      }
    }),
  );
});

test('of several items, the most similar speaks for another; none where none is similar', () => {
  fc.assert(
    fc.property(taken, fc.array(fc.nat(itemCount - 1)), fc.nat(itemCount - 1), (users, items, other) => {
      const model = trainItemKnn(dataOf(users), {}, { nowMs: 0 });
      const speaker = model.speaker(Int32Array.from([-1, ...items]), other);
      const most = Math.max(0, ...items.map((item) => model.similarity(item, other)));
      if (most === 0) expect(speaker).toBe(-1);
      else expect(speaker).toBe(items.find((item) => model.similarity(item, other) === most));
    }),
  );
});

test('refuses neighbours that fit no memory before it takes any', () => {
  const none = { ...dataOf([[]]), itemCount: 20_000_000 };
  expect(() => trainItemKnn(none, { neighbourCount: 50 }, { nowMs: 0 })).toThrow(
    '50 neighbours for each of 20000000 items would take 7.45 GiB; one WebAssembly memory holds 4.00 GiB.',
  );
});
