import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ROWS_MAX, RowScorer } from './row-scorer.ts';

const size = fc.integer({ min: 1, max: 50 });
const chosen = fc.array(fc.tuple(fc.nat(49), fc.integer({ min: -4, max: 4 })), { maxLength: 30 });

test('sums the weighted rows that a plain loop sums', () => {
  fc.assert(
    fc.property(size, size, chosen, (rowCount, columnCount, entries) => {
      const scorer = new RowScorer(rowCount, columnCount);
      for (let at = 0; at < scorer.matrix.length; at++) scorer.matrix[at] = (at % 23) - 11;
      const rows = new Map(entries.map(([row, weight]) => [row % rowCount, weight]));
      const scores = new Float32Array(columnCount).fill(7);
      scorer.score(rows, scores);
      const expected = Array.from({ length: columnCount }, (_, column) =>
        [...rows].reduce((sum, [row, weight]) => sum + weight * scorer.matrix[row * scorer.stride + column]!, 0),
      );
      expect([...scores]).toEqual(expected);
    }),
    { numRuns: 60 },
  );
});

test('refuses more rows than one call may sum', () => {
  const rows = new Map(Array.from({ length: ROWS_MAX + 1 }, (_, row) => [row, 1]));
  expect(() => new RowScorer(1, 1).score(rows, new Float32Array(1))).toThrow(RangeError);
});
