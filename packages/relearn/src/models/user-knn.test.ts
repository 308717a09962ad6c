import fc from 'fast-check';
import { expect, test } from 'vitest';
import { historyOf, rankingData } from '../testing/index.ts';
import type { RankingData } from './ranking.ts';
import { trainUserKnn, type UserKnnSettings } from './user-knn.ts';

const DAY_MS = 86_400_000;
const NOW_MS = 100 * DAY_MS;
const ITEMS = 6;

/** The same over dense rows of users whose items are all taken at once. */
function plainScores(
  data: RankingData,
  { neighbourCount, power }: Required<Pick<UserKnnSettings, 'neighbourCount' | 'power'>>,
): number[] {
  const sets = Array.from({ length: data.userCount }, (_, user) => new Set(historyOf(data, user).items));
  const near = nearness(sets).slice(0, neighbourCount);
  const scores = Array.from({ length: ITEMS }, () => 0);
  for (const [place, { user, cosine }] of near.entries()) {
    const weight = (place === 0 ? (near[1]?.cosine ?? cosine) : cosine) ** power;
    for (const item of sets[user]!) scores[item]! += weight;
  }
  const takers = scores.map((_, item) => sets.filter((set) => set.has(item)).length);
  return scores.map((score, item) => score / Math.sqrt(Math.max(1, takers[item]!)));
}

function nearness(sets: readonly Set<number>[]) {
  const own = sets[0]!;
  return sets
    .map((set, user) => ({ user, cosine: own.intersection(set).size / Math.sqrt(own.size * set.size) }))
    .filter(({ cosine }) => cosine > 0)
    .sort((a, b) => b.cosine - a.cosine);
}

test('scores as the sums over dense rows do', () => {
  const histories = fc.array(fc.uniqueArray(fc.nat(ITEMS - 1), { minLength: 1 }), { minLength: 1, maxLength: 6 });
  const settings = fc.record({ neighbourCount: fc.integer({ min: 1, max: 4 }), power: fc.constantFrom(0.5, 1, 2) });
  fc.assert(
    fc.property(histories, settings, (taken, chosen) => {
      const events = taken.flatMap((items, user) => items.map((item) => ({ user, item, atMs: NOW_MS - DAY_MS })));
      const data = rankingData(events, { userCount: taken.length, itemCount: ITEMS });
      const cosines = nearness(taken.map((items) => new Set(items)));
      // Of users equally near either may be the neighbour.
      fc.pre(cosines.every(({ cosine }, at) => at === 0 || cosines[at - 1]!.cosine - cosine > 1e-6));
      const scores = new Float32Array(ITEMS);
      trainUserKnn(data, { ...chosen, popularityPower: 0.5 }, { nowMs: NOW_MS }).score(
        historyOf(data, 0),
        NOW_MS,
        scores,
      );
      const plain = plainScores(data, chosen);
      for (const [item, score] of scores.entries()) expect(score).toBeCloseTo(plain[item]!, 5);
    }),
  );
});

test('what neighbours did fades, and what sells more of late goes first', () => {
  const event = (user: number, item: number, days: number) => ({ user, item, atMs: NOW_MS - days * DAY_MS });
  const events = [event(0, 0, 50), event(1, 0, 50), event(1, 1, 40), event(1, 2, 20), event(2, 3, 30), event(3, 3, 10)];
  const data = rankingData([...events, event(1, 3, 40)], { userCount: 4, itemCount: 4 });
  const scores = new Float32Array(4);
  trainUserKnn(data, { halfLifeDays: 20 }, { nowMs: NOW_MS }).score(historyOf(data, 0), NOW_MS, scores);
  expect(scores[1]! / scores[2]!).toBeCloseTo(0.5);
  expect(scores[3]! / scores[1]!).toBeCloseTo(1);
  trainUserKnn(data, { halfLifeDays: 20, trendPower: 1 }, { nowMs: NOW_MS }).score(historyOf(data, 0), NOW_MS, scores);
  expect(scores[3]! / scores[1]!).toBeGreaterThan(1.5);
});
