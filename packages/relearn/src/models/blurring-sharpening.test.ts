import { expect, test } from 'vitest';
import { historyOf, rankingData } from '../testing/index.ts';
import { trainBlurringSharpening } from './blurring-sharpening.ts';

/** Taken by user: items. */
const taken = [
  [0, 1],
  [0, 1, 2],
  [1, 2, 3],
  [3, 4],
  [0, 4, 5],
];
const ITEMS = 6;
const data = rankingData(
  taken.flatMap((row, user) => row.map((item) => ({ user, item }))),
  { userCount: taken.length, itemCount: ITEMS },
);
const degree = (item: number) => taken.filter((row) => row.includes(item)).length;
/** P, entry by entry. */
const likeness = (one: number, other: number) =>
  taken
    .filter((row) => row.includes(one) && row.includes(other))
    .reduce((sum, row) => sum + 1 / (row.length * Math.sqrt(degree(one) * degree(other))), 0);
const times = (signal: readonly number[]) =>
  signal.map((_, item) => signal.reduce((sum, value, other) => sum + likeness(item, other) * value, 0));

test.each([0, 1, 2.5])('is the process, step by step, where all vectors are kept: sharpness %d', (sharpness) => {
  const idealWeight = 0.3;
  const model = trainBlurringSharpening(data, { rank: ITEMS, idealWeight, sharpness }, { nowMs: 0, seed: 1 });
  const history = Array.from({ length: ITEMS }, (_, item) => Number(taken[1]!.includes(item)));
  // V spans what the users' rows span.
  const ideal = projected(history.map((value, item) => value / Math.sqrt(degree(item))));
  let term = times(history).map((value, item) => value + idealWeight * Math.sqrt(degree(item)) * ideal[item]!);
  const wanted = [...term];
  for (let power = 1; power <= 4; power++) {
    term = times(term).map((value) => (-sharpness * value) / power);
    for (const [item, value] of term.entries()) wanted[item]! += value;
  }
  const scores = new Float32Array(ITEMS);
  model.score(historyOf(data, 1), 0, scores);
  for (let item = 0; item < ITEMS; item++) expect(scores[item]).toBeCloseTo(wanted[item]!, 4);
});

/** What of a signal lies in the span of the users' rows, by Gram–Schmidt. */
function projected(signal: readonly number[]): number[] {
  const basis: number[][] = [];
  for (const row of taken) {
    let vector = signal.map((_, item) => (row.includes(item) ? 1 / Math.sqrt(degree(item)) : 0));
    for (const known of basis) vector = vector.map((value, item) => value - dot(vector, known) * known[item]!);
    const length = Math.sqrt(dot(vector, vector));
    if (length > 1e-9) basis.push(vector.map((value) => value / length));
  }
  return signal.map((_, item) => basis.reduce((sum, known) => sum + dot(signal, known) * known[item]!, 0));
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, at) => sum + value * b[at]!, 0);
}
