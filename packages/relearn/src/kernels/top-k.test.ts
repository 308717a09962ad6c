import fc from 'fast-check';
import { expect, test } from 'vitest';
import { topK } from './top-k.ts';

const score = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.float({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(Number.NEGATIVE_INFINITY, Number.NaN),
);

function sorted(scores: Float32Array, k: number): number[] {
  return [...scores.keys()]
    .filter((item) => scores[item]! > Number.NEGATIVE_INFINITY)
    .sort((a, b) => scores[b]! - scores[a]! || a - b)
    .slice(0, k);
}

test('keeps what a full sort would, with ties, exclusions and any k', () => {
  fc.assert(
    fc.property(fc.array(score, { maxLength: 60 }), fc.integer({ min: 0, max: 70 }), (values, k) => {
      const scores = Float32Array.from(values);
      expect([...topK(scores, k)]).toEqual(sorted(scores, k));
    }),
    { numRuns: 500 },
  );
});
