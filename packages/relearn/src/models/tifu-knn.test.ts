import fc from 'fast-check';
import { expect, test } from 'vitest';
import { historyOf, rankingData } from '../testing/index.ts';
import type { RankingData } from './ranking.ts';
import { trainTifuKnn } from './tifu-knn.ts';

const DAY_MS = 86_400_000;
const settings = { neighbourCount: 2, ownShare: 0.6, groupVisits: 2, visitDecay: 0.9, groupDecay: 0.5 };

/** The paper's sums over dense rows, a visit a day: groups are counted from the newest visit. */
function habitOf(data: RankingData, user: number): number[] {
  const { items, atMs } = historyOf(data, user);
  const days = [...new Set(atMs)].sort((a, b) => b - a);
  const groups = Array.from({ length: Math.ceil(days.length / 2) }, (_, group) => days.slice(2 * group, 2 * group + 2));
  return Array.from({ length: data.itemCount }, (_, item) => {
    const took = (day: number) => items.some((other, at) => other === item && atMs[at] === day);
    const ofGroups = groups.map((ofGroup, group) => {
      const sum = ofGroup.reduce((total, day, age) => total + (took(day) ? settings.visitDecay ** age : 0), 0);
      return (settings.groupDecay ** group * sum) / ofGroup.length;
    });
    return ofGroups.reduce((sum, value) => sum + value, 0) / groups.length;
  });
}

function plainScores(data: RankingData, user: number): number[] {
  const rows = Array.from({ length: data.userCount }, (_, other) => habitOf(data, other));
  const own = rows[user]!;
  const distance = (row: number[]) => row.reduce((sum, value, item) => sum + (value - own[item]!) ** 2, 0);
  const nearest = rows.toSorted((a, b) => distance(a) - distance(b)).slice(0, settings.neighbourCount);
  const mean = (item: number) => nearest.reduce((sum, row) => sum + row[item]!, 0) / nearest.length;
  return own.map((value, item) => settings.ownShare * value + (1 - settings.ownShare) * mean(item));
}

test('scores as the sums over dense rows do', () => {
  const event = fc.record({ item: fc.nat(5), day: fc.nat(6) });
  const users = fc.array(fc.array(event, { minLength: 1, maxLength: 12 }), { minLength: 3, maxLength: 5 });
  fc.assert(
    fc.property(users, (histories) => {
      const events = histories.flatMap((deeds, user) =>
        deeds.map(({ item, day }) => ({ user, item, atMs: day * DAY_MS })),
      );
      const data = rankingData(events, { userCount: histories.length, itemCount: 6 });
      fc.pre(!hasTie(data));
      const scores = new Float32Array(6);
      trainTifuKnn(data, settings).score(historyOf(data, 0), 9 * DAY_MS, scores);
      const plain = plainScores(data, 0);
      for (const [item, score] of scores.entries()) expect(score).toBeCloseTo(plain[item]!, 5);
    }),
  );
});

/** Of users equally far either may be the neighbour. */
function hasTie(data: RankingData): boolean {
  const own = habitOf(data, 0);
  const distances = Array.from({ length: data.userCount }, (_, user) =>
    habitOf(data, user).reduce((sum, value, item) => sum + (value - own[item]!) ** 2, 0),
  ).sort((a, b) => a - b);
  return distances.some((distance, at) => at > 0 && distance - distances[at - 1]! < 1e-5);
}

test('what was taken in every visit goes before what was taken once, and newer before older', () => {
  const bought = [
    [0, 1],
    [0, 2],
    [0, 3],
  ];
  const events = bought.flatMap((items, day) => items.map((item) => ({ user: 0, item, atMs: day * DAY_MS })));
  const data = rankingData(events, { userCount: 1, itemCount: 5 });
  const scores = new Float32Array(5);
  trainTifuKnn(data, {}).score(historyOf(data, 0), 3 * DAY_MS, scores);
  expect(Array.from(scores.keys()).sort((a, b) => scores[b]! - scores[a]!)).toEqual([0, 3, 2, 1, 4]);
});

test('without times all is one visit', () => {
  const data = rankingData(
    [0, 1, 2].map((item) => ({ user: 0, item })),
    { userCount: 1, itemCount: 3 },
  );
  const scores = new Float32Array(3);
  trainTifuKnn(data, {}).score(historyOf(data, 0), 0, scores);
  expect(new Set(scores).size).toBe(1);
});
