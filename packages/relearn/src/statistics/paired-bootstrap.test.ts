import { expect, test } from 'vitest';
import { pairedBootstrap } from './paired-bootstrap.ts';

const a = Float64Array.from({ length: 200 }, (_, unit) => 0.1 + Math.sin(unit));
const b = new Float64Array(200);

test('an interval holds the mean, and is the narrower the less sure it is', () => {
  const mean = a.reduce((sum, value) => sum + value, 0) / a.length;
  const [low, high] = pairedBootstrap(a, b, 1);
  const [near, nearHigh] = pairedBootstrap(a, b, 1, 0.68);
  expect([low, near, mean, nearHigh, high]).toEqual([low, near, mean, nearHigh, high].toSorted((x, y) => x - y));
  // As wide as standard errors say: those of the normal distribution are 1.96 and 1 to each side.
  const standardError = Math.sqrt(a.reduce((sum, value) => sum + (value - mean) ** 2, 0)) / a.length;
  expect((high - low) / standardError / 2).toBeCloseTo(1.96, 0);
  expect((nearHigh - near) / standardError / 2).toBeCloseTo(1, 0);
  expect(pairedBootstrap(a, b, 1)).toEqual([low, high]);
});

test('refuses units that do not pair', () => {
  expect(() => pairedBootstrap(a, b.subarray(1), 1)).toThrow('200 and 199');
});
