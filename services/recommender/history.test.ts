import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEEDS_MAX, joined, PersonHistory } from './history.ts';

interface Told {
  readonly atMs: number;
  readonly item: number;
}

function historyOf(deeds: readonly Told[]): PersonHistory {
  const history = new PersonHistory();
  for (const { atMs, item } of deeds) history.add({ item, atMs, kind: item % 3, weight: item / 7, basket: -item });
  return history;
}

const deedsOf = (history: PersonHistory) => history.newest(history.length).reverse();

test('two histories in the order of time are one in the order of time, nothing left out, neither changed', () => {
  const inOrder = fc
    .array(fc.record({ atMs: fc.integer({ min: 0, max: 50 }), item: fc.nat(1_000) }), { maxLength: 40 })
    .map((deeds) => deeds.toSorted((a, b) => a.atMs - b.atMs));
  fc.assert(
    fc.property(inOrder, inOrder, (ones, others) => {
      const [one, other] = [historyOf(ones), historyOf(others)];
      const expected = [...deedsOf(one), ...deedsOf(other)].sort((a, b) => a.atMs - b.atMs);
      expect(deedsOf(joined(one, other))).toEqual(expected);
      expect([deedsOf(one), deedsOf(other)]).toEqual([deedsOf(historyOf(ones)), deedsOf(historyOf(others))]);
    }),
  );
});

test('of two long histories the newest are joined', () => {
  const long = (firstMs: number) =>
    historyOf(Array.from({ length: 2 * DEEDS_MAX + 5 }, (_, at) => ({ atMs: firstMs + 2 * at, item: at })));
  const both = joined(long(0), long(1));
  expect(both.length).toBeLessThanOrEqual(2 * DEEDS_MAX);
  const newest = both.newest(DEEDS_MAX).map(({ atMs }) => atMs);
  const lastMs = 2 * (2 * DEEDS_MAX + 4) + 1;
  expect(newest).toEqual(Array.from({ length: DEEDS_MAX }, (_, back) => lastMs - back));
});
