import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ROWS_MAX, RowScorer } from './row-scorer.ts';

const size = fc.integer({ min: 1, max: 50 });
const chosen = fc.array(fc.tuple(fc.nat(49), fc.integer({ min: -4, max: 4 })), { maxLength: 30 });

test('sums the weighted rows that a plain loop sums', () => {
  fc.assert(
    fc.property(size, size, chosen, (rowCount, columnCount, entries) => {
      const scorer = new RowScorer(rowCount, columnCount);
      const matrix = Array.from({ length: rowCount }, (_, row) =>
        Float32Array.from({ length: columnCount }, (_, column) => Math.sin(row * 7 + column)),
      );
      for (const [row, values] of matrix.entries()) scorer.setRow(row, values);
      const rows = Int32Array.from(entries, ([row]) => row % rowCount);
      const weights = Float32Array.from(entries, ([, weight]) => weight);
      const scores = new Float32Array(columnCount).fill(7);
      scorer.score({ rows, weights }, scores);
      const steps = weights.reduce((sum, weight) => sum + Math.abs(weight), 0);
      for (let column = 0; column < columnCount; column++) {
        const expected = rows.reduce((sum, row, at) => sum + weights[at]! * matrix[row]![column]!, 0);
        expect(Math.abs(scores[column]! - expected)).toBeLessThanOrEqual(2e-5 * steps);
      }
    }),
    { numRuns: 60 },
  );
});

test('refuses more rows than one call may sum', () => {
  const tooMany = { rows: new Int32Array(ROWS_MAX + 1), weights: new Float32Array(ROWS_MAX + 1) };
  expect(() => new RowScorer(1, 1).score(tooMany, new Float32Array(1))).toThrow(RangeError);
});
