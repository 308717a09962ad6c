import fc from 'fast-check';
import { expect, test } from 'vitest';
import { successiveHalving } from './successive-halving.ts';

test('gives all a little, the better ones more, and the last ones everything', async () => {
  const asked: [number, number][] = [];
  const standings = await successiveHalving([4, 9, 1, 7, 3, 8, 2, 6, 5], {
    score(candidate, share) {
      asked.push([candidate, share]);
      return candidate;
    },
  });
  expect(standings.map(({ candidate }) => candidate)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1]);
  expect(asked.filter(([, share]) => share === 1)).toEqual([
    [9, 1],
    [8, 1],
    [7, 1],
  ]);
  expect(asked).toHaveLength(12);
});

test('what looked good on a little is judged by all of it', async () => {
  const standings = await successiveHalving(['early', 'late', 'dull', 'worse'], {
    score: (candidate, share) => ({ early: 2 - share, late: 1 + share / 2, dull: 0, worse: -1 })[candidate] ?? 0,
  });
  expect(standings[0]).toEqual({ candidate: 'late', score: 1.5, share: 1 });
});

test('ends when time is up, with the best so far', async () => {
  let left = 5;
  const standings = await successiveHalving([1, 2, 3, 4, 5, 6, 7, 8, 9], {
    score: (candidate) => candidate,
    isOver: () => left-- <= 0,
  });
  expect(standings.map(({ candidate }) => candidate)).toEqual([5, 4, 3, 2, 1]);
});

test('names every candidate once, and always one', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.integer(), { minLength: 1, maxLength: 40 }), fc.boolean(), async (all, over) => {
      const standings = await successiveHalving(all, { score: (candidate) => -candidate, isOver: () => over });
      const named = standings.map(({ candidate }) => candidate);
      expect(new Set(named).size).toBe(named.length);
      expect(named.length).toBe(over ? 1 : all.length);
      if (!over) expect(named[0]).toBe(Math.min(...all));
    }),
  );
});
