import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RowSums } from './row-sums.ts';

test('sums the weighted rows that a plain loop sums', () => {
  const size = fc.integer({ min: 1, max: 40 });
  const chosen = fc.uniqueArray(fc.nat(39), { maxLength: 40 });
  fc.assert(
    fc.property(size, size, chosen, (rowCount, columnCount, places) => {
      const sums = new RowSums(rowCount, columnCount);
      const value = (row: number, column: number) => Math.fround(Math.sin(row * 7 + column));
      for (let row = 0; row < rowCount; row++) {
        for (let column = 0; column < columnCount; column++)
          sums.matrix[row * sums.stride + column] = value(row, column);
      }
      const rows = Int32Array.from(places.filter((place) => place < rowCount));
      const weights = Float32Array.from(rows, (row) => (row % 5) - 2);
      const found = sums.sum(rows, weights);
      expect(found.length).toBe(columnCount);
      for (const [column, sum] of found.entries()) {
        const wanted = rows.reduce((total, row, at) => total + weights[at]! * value(row, column), 0);
        expect(Math.abs(sum - wanted)).toBeLessThan(1e-4);
      }
    }),
    { numRuns: 60 },
  );
});

test('names the limit before it takes memory', () => {
  expect(() => new RowSums(40_000, 40_000)).toThrow(/40000 by 40000 would take 5\.\d+ GiB; one WebAssembly memory/);
});
