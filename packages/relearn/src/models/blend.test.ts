import { expect, test } from 'vitest';
import { topK } from '../kernels/top-k.ts';
import { seededRandom } from '../testing/index.ts';
import { Blend } from './blend.ts';
import { blendWeights } from './blend-weights.ts';
import type { RankingModel } from './ranking.ts';
import { rankingScore } from './ranking-metrics.ts';

/** Says the same of the items to anybody. */
function saying(...said: number[]): RankingModel {
  return { itemCount: said.length, score: (_history, _nowMs, scores) => scores.set(said) };
}

const tookTheFirst = { items: Int32Array.of(0, 0), atMs: Float64Array.of(1, 2), weights: Float32Array.of(1, 1) };
/** The first says most of what was taken, next to which all that it says of the rest is small. */
const models = [saying(100, 1, 0, 0, 0), saying(0, 0, 0.5, 1, 0)];
const parts = [
  { model: models[0]!, weight: 2 },
  { model: models[1]!, weight: 1 },
];

function best(blend: Blend): number {
  const scores = new Float32Array(blend.itemCount);
  blend.score(tookTheFirst, 0, scores);
  return scores.indexOf(Math.max(...scores.subarray(1)));
}

test('where only new items are asked for, what was taken does not dwarf the rest', () => {
  expect(best(new Blend(parts))).toBe(3);
  expect(best(new Blend(parts, { onlyNew: true }))).toBe(1);
});

test.each([true, false])('what a blend reaches is known before it is made, only new items asked for: %s', (onlyNew) => {
  const random = seededRandom(3);
  const scores = [3, 30, 300].map((most) =>
    Float32Array.from({ length: 90 }, (_, item) => (item === 0 ? most : random())),
  );
  const models = scores.map((said) => saying(...said));
  const wanted = new Set([7, 20, 33, 41, 52, 64, 71, 88]);
  const { weights, ndcg } = blendWeights(3, [{ had: [0], wanted, scores }], { k: 20, alikeShare: 0.5, onlyNew });
  const parts = models.map((model, at) => ({ model, weight: weights[at]! }));
  const blended = new Float32Array(90);
  new Blend(parts, { onlyNew }).score(tookTheFirst, 0, blended);
  blended[0] = Number.NEGATIVE_INFINITY;
  expect(ndcg[0]).toBe(rankingScore(topK(blended, 20), wanted, 20).ndcg);
});

test('of items that were all taken nothing is said', () => {
  const scores = new Float32Array(1);
  new Blend([{ model: saying(3), weight: 1 }], { onlyNew: true }).score(tookTheFirst, 0, scores);
  expect(scores).toEqual(new Float32Array(1));
});
