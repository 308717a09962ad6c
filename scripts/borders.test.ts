import { expect, test } from 'vitest';
import { readBorders } from './borders.ts';

/** A compiler without an API makes the reader see nothing, and nothing breaks no rule. */
const modulesMin = 60;

test('imports run one way, and services meet in contracts alone', async () => {
  const { moduleCount, violations } = await readBorders();
  expect(violations).toEqual([]);
  expect(moduleCount).toBeGreaterThan(modulesMin);
});
