import { expect, test } from 'vitest';
import { Blend } from './blend.ts';
import { BlendStage } from './blend-stage.ts';
import type { RankingModel } from './ranking.ts';

const noDeeds = { items: new Int32Array(0), atMs: new Float64Array(0), weights: new Float32Array(0) };
const question = { history: noDeeds, nowMs: 0 };

function fixed(...values: number[]): RankingModel {
  return { itemCount: values.length, score: (_, __, scores) => scores.set(values) };
}

const [one, other] = [fixed(1, 2, 3, 4), fixed(0, 9, 0, 0)];
const parts = [
  { name: 'one', model: one, weight: 1 },
  { name: 'other', model: other, weight: 2 },
];
const doubled = {
  names: ['item twice'],
  write(_: unknown, candidates: Int32Array, rows: Float32Array, stride: number, column: number) {
    for (const [at, item] of candidates.entries()) rows[at * stride + column] = 2 * item;
  },
};

test('finds candidates as the blend does', () => {
  const [found, blended] = [new Float32Array(4), new Float32Array(4)];
  new BlendStage(parts, doubled).retrieval.score(noDeeds, 0, found);
  new Blend(parts).score(noDeeds, 0, blended);
  expect(found).toEqual(blended);
});

test('tells what each model says, as it is and standardised, what the blend says, then the other features; whether or not it was asked first', () => {
  const stage = new BlendStage(parts, doubled);
  expect(stage.names).toEqual(['one', 'one standardised', 'other', 'other standardised', 'blend', 'item twice']);
  const rows = new Float32Array(2 * 8).fill(-1);
  stage.write(question, Int32Array.of(3, 1), rows, 8, 1);
  const blended = new Float32Array(4);
  new Blend(parts).score(noDeeds, 0, blended);
  const first = [-1, 4, 1.5 / Math.sqrt(1.25), 0, -1 / Math.sqrt(3), blended[3]!, 6, -1];
  const second = [-1, 2, -0.5 / Math.sqrt(1.25), 9, Math.sqrt(3), blended[1]!, 2, -1];
  for (const [at, value] of [...first, ...second].entries()) expect(rows[at]).toBeCloseTo(value, 5);
});

test('a model that says the same of all items says nothing', () => {
  const stage = new BlendStage([{ name: 'flat', model: fixed(5, 5), weight: 1 }], doubled);
  const rows = new Float32Array(4);
  stage.write(question, Int32Array.of(1), rows, 4, 0);
  expect([...rows]).toEqual([5, 0, 0, 2]);
});
