import { expect, test } from 'vitest';
import { seededRandom } from '../testing/index.ts';
import { blendWeights, type ScoredQuestion } from './blend-weights.ts';

const ITEMS = 200;

/** Two models that each see half of what is wanted, and one that sees nothing. */
function questions(): ScoredQuestion[] {
  const random = seededRandom(1);
  const noise = () => Float32Array.from({ length: ITEMS }, () => random());
  return Array.from({ length: 60 }, () => {
    const wanted = new Set(Array.from({ length: 6 }, () => Math.floor(random() * ITEMS)));
    const scores = [noise(), noise(), noise()];
    for (const [order, item] of [...wanted].entries()) scores[order % 2]![item]! += 0.8;
    return { had: [], wanted, scores };
  });
}

test('takes those models that help, and says what the blend reaches', () => {
  const { weights, ndcg } = blendWeights(3, questions(), { k: 10 });
  expect(weights[0]).toBeGreaterThan(0);
  expect(weights[1]).toBeGreaterThan(0);
  expect(weights[2]).toBe(0);
  const alone = blendWeights(
    1,
    questions().map((one) => ({ ...one, scores: one.scores.slice(0, 1) })),
    { k: 10 },
  );
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(mean(ndcg)).toBeGreaterThan(mean(alone.ndcg) + 0.05);
});

test('of those that come near the best, leaves out what the best is better without', () => {
  const of = (...models: number[]) =>
    questions().map((one) => ({ ...one, scores: models.map((model) => one.scores[model]!) }));
  const options = { k: 10, alikeShare: 1, near: 0 };
  expect(blendWeights(2, of(0, 1), options).weights).toEqual([0.5, 0.5]);
  expect(blendWeights(2, of(0, 2), options).weights).toEqual([1, 0]);
  expect(blendWeights(3, of(2, 1, 2), options).weights).toEqual([0, 1, 0]);
  expect(blendWeights(2, of(0, 2), { ...options, alikeLeast: 0.5 }).weights).toEqual([0.5, 0.5]);
});

test('what was had is not shown', () => {
  const scores = [Float32Array.from({ length: ITEMS }, (_, item) => -item)];
  const { ndcg } = blendWeights(1, [{ had: [0, 1], wanted: new Set([2]), scores }], { k: 1 });
  expect(ndcg[0]).toBe(1);
});

test('without questions no model is worth anything', () => {
  expect(blendWeights(2, [], { k: 10 })).toEqual({ weights: [0, 0], ndcg: new Float64Array(0) });
});
