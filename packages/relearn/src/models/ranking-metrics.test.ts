import fc from 'fast-check';
import { expect, test } from 'vitest';
import { listMetrics } from './list-metrics.ts';
import { type RankingScore, rankingScore } from './ranking-metrics.ts';

/** An example that published implementations were asked about too. */
const wanted = [[0, 3, 7], [1], [2, 4, 5, 6, 8, 9, 11], [10, 0], [3, 1, 2], [5]];
const ranked = [
  [3, 1, 0, 9, 7],
  [2, 3, 1, 4, 5],
  [2, 4, 0, 6, 8],
  [1, 2, 3, 4, 5],
  [1, 2, 3, 0, 4],
  [9, 8, 7, 6, 5],
];
const k = 5;

/** `pytrec_eval-terrier` 0.5.11 by list: recall_5, ndcg_cut_5, P_5, success_5, recip_rank, map_cut_5. */
const published = [
  [1, 0.8854598815714874, 0.6, 1, 1, 0.7555555555555555],
  [1, 0.5, 0.2, 1, 0.3333333333333333, 0.3333333333333333],
  [0.5714285714285714, 0.830419897363192, 0.8, 1, 1, 0.5071428571428571],
  [0, 0, 0, 0, 0, 0],
  [1, 1, 0.6, 1, 1, 1],
  [1, 0.38685280723454163, 0.2, 1, 0.2, 0.2],
];
/** `ranx` 0.3.21, means over lists: recall@5, ndcg@5, precision@5, hit_rate@5, mrr@5, map@5. */
const publishedMeans = [
  0.7619047619047619, 0.6004554310282035, 0.4000000000000001, 0.8333333333333334, 0.5888888888888889, 0.466005291005291,
];

function row(score: RankingScore): number[] {
  return [score.recall, score.ndcg, score.precision, score.hit, score.reciprocalRank, score.averagePrecision];
}

test('equals trec_eval and ranx', () => {
  const rows = ranked.map((list, at) => row(rankingScore(list, new Set(wanted[at]), k)));
  for (const [at, values] of rows.entries())
    for (const [metric, value] of values.entries()) expect(value).toBeCloseTo(published[at]![metric]!, 12);
  for (const [metric, mean] of publishedMeans.entries())
    expect(rows.reduce((sum, values) => sum + values[metric]!, 0) / rows.length).toBeCloseTo(mean, 12);
});

const items = fc.uniqueArray(fc.nat(30), { maxLength: 15 });
const someItems = fc.uniqueArray(fc.nat(30), { minLength: 1, maxLength: 15 });
const depth = fc.integer({ min: 1, max: 12 });

test('all are shares, 1 where the list begins with all that was wanted', () => {
  fc.assert(
    fc.property(items, someItems, depth, (list, want, k) => {
      expect(row(rankingScore(list, new Set(want), k))).toSatisfy((values: number[]) =>
        values.every((value) => value >= 0 && value <= 1),
      );
      const score = rankingScore(want, new Set(want), want.length);
      expect(row(score)).toSatisfy((values: number[]) => values.every((value) => Math.abs(value - 1) < 1e-12));
    }),
  );
});

test('wanted items may change places, and so may the others', () => {
  fc.assert(
    fc.property(items, someItems, depth, (list, want, k) => {
      const renamed = (item: number) =>
        want.includes(item) ? want[(want.indexOf(item) + 1) % want.length]! : item + 31;
      expect(rankingScore(list.map(renamed), new Set(want), k)).toEqual(rankingScore(list, new Set(want), k));
    }),
  );
});

/** Users who took each item of the example. */
const takers = [1, 5, 4, 2, 1, 1, 1, 0, 0, 0, 0, 0];
const kinds = (item: number) => [item % 2, item % 3, item % 4];
const hamming = (a: number, b: number) => kinds(a).filter((kind, at) => kind !== kinds(b)[at]).length;

/**
 * `RecTools` 0.19.0 (CatalogCoverage, MeanInvUserFreq, IntraListDiversity with its Hamming distances, AvgRecPopularity) and `inequality` 1.1.2 (Gini) on the same
 * lists.
 */
test('over all lists: equals RecTools, and PySAL for Gini', () => {
  const metrics = listMetrics(ranked, { userCount: 6, takers, similarity: (a, b) => 1 - hamming(a, b) });
  expect(metrics.coverage).toBeCloseTo(0.8333333333333334, 12);
  expect(metrics.novelty).toBeCloseTo(1.8753720880695077, 12);
  expect(metrics.intraListDiversity).toBeCloseTo(2.0666666666666664, 12);
  expect(metrics.popularity).toBeCloseTo(1.8666666666666665, 12);
  expect(metrics.popularityLift).toBeCloseTo(1.8666666666666665 / (15 / 12), 12);
  expect(metrics.exposureGini).toBeCloseTo(0.3, 12);
});

test('over all lists: bounds, and nothing to measure', () => {
  const context = { userCount: 40, takers: Array.from({ length: 31 }, (_, item) => item), similarity: () => 0.25 };
  fc.assert(
    fc.property(fc.array(items), (lists) => {
      const metrics = listMetrics(lists, context);
      expect(metrics.coverage).toBe(new Set(lists.flat()).size / 31);
      expect(metrics.novelty).toSatisfy((bits: number) => bits >= 0 && bits <= Math.log2(40));
      expect(metrics.exposureGini).toSatisfy((share: number) => share >= 0 && share < 1);
      expect(metrics.intraListDiversity).toBeCloseTo(lists.some(({ length }) => length > 1) ? 0.75 : 0, 9);
    }),
  );
  const nothing = listMetrics([], { userCount: 0, takers: [], similarity: () => 0 });
  expect(Object.values(nothing)).toEqual([0, 0, 0, 0, 0, 0]);
});

test('over all lists: all alike is 0 of Gini, one item in all lists nearly 1', () => {
  const context = { userCount: 9, takers: new Int32Array(100).fill(3), similarity: () => 0 };
  const each = Array.from({ length: 100 }, (_, item) => [item]);
  expect(listMetrics(each, context)).toMatchObject({ coverage: 1, exposureGini: 0, popularityLift: 1 });
  expect(listMetrics([[7], [7], []], context)).toMatchObject({ coverage: 0.01, exposureGini: 0.99, popularity: 3 });
});
