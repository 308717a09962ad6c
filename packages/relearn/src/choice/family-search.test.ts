import { expect, test } from 'vitest';
import type { RankingModel } from '../models/index.ts';
import { ThreadPool } from '../models/index.ts';
import { FamilySearch, type TriedSettings } from './family-search.ts';
import { fullRanking } from './full-ranking.ts';
import { rankingDataOf } from './list-data.ts';
import type { ListFamily } from './list-families.ts';

const questions = [{ had: Int32Array.of(0), wanted: new Set([1]) }];
/** A whole of a thousand times the part's pairs. */
const cut = {
  whole: {
    data: rankingDataOf(
      3,
      Array.from({ length: 1_000 }, () => Int32Array.of(0)),
    ),
    questions,
  },
  part: { data: rankingDataOf(3, [Int32Array.of(0)]), questions },
};

/** Puts the wanted item first, unless it is told to put it last. */
function modelOf(isGood: boolean): RankingModel {
  return { itemCount: 3, score: (_history, _nowMs, scores) => scores.set(isGood ? [0, 2, 1] : [0, 1, 2]) };
}

function familyOf(variants: readonly { readonly isGood: number; readonly slowMs: number }[], tried: unknown[]) {
  const family: ListFamily = {
    model: 'made',
    variants,
    train: ({ items }, settings, { signal }) => {
      tried.push([settings, items.length]);
      for (const endMs = performance.now() + Number(settings.slowMs); performance.now() < endMs; )
        signal?.throwIfAborted();
      return modelOf(settings.isGood === 1);
    },
  };
  return family;
}

async function settingsOf(
  family: ListFamily,
  { isLarge, progress = () => undefined }: { readonly isLarge: boolean; readonly progress?: (line: string) => void },
  find: (search: FamilySearch) => Promise<TriedSettings | undefined> | TriedSettings | undefined,
) {
  const pool = new ThreadPool(0);
  const context = { nowMs: 0, seed: 1, pool, k: 1, progress };
  const found = await find(new FamilySearch(family, { ...cut, isLarge }, context));
  await pool.close();
  return found?.settings;
}

async function searchedFor(family: ListFamily, timeMs: number) {
  const lines: string[] = [];
  const settings = await settingsOf(family, { isLarge: true, progress: (line) => lines.push(line) }, (search) =>
    search.bestUntil(performance.now() + timeMs),
  );
  return { settings, lines };
}

test('of a large whole, takes the best on the part to the whole, and what is a step from it', async () => {
  const tried: unknown[] = [];
  const variants = [
    { isGood: 0, slowMs: 0 },
    { isGood: 1, slowMs: 0 },
  ];
  expect((await searchedFor(familyOf(variants, tried), 60_000)).settings).toBe(variants[1]);
  expect(tried).toEqual([
    [variants[0], 1],
    [variants[1], 1],
    [variants[1], 1_000],
  ]);
});

test('leaves out what is foretold to take too long, and says so where all is', async () => {
  const slow = { isGood: 1, slowMs: 100 };
  const quick = { isGood: 0, slowMs: 0 };
  expect((await searchedFor(familyOf([slow, quick], []), 60_000)).settings).toBe(quick);
  const { settings, lines } = await searchedFor(familyOf([slow], []), 60_000);
  expect(settings).toBeUndefined();
  expect(lines).toEqual([expect.stringMatching(/^made: takes about 2\d\d\.\d s where it has 59\.\d s left$/)]);
  const never = await searchedFor(familyOf([{ isGood: 1, slowMs: 3_600_000 }], []), 100);
  expect(never.settings).toBeUndefined();
  expect(never.lines).toEqual(['made: takes too long on a part alone where it has 0.1 s left']);
});

test('foretells what asking takes, and ends it where time is over', async () => {
  const slow: RankingModel = {
    itemCount: 3,
    score: (_history, _nowMs, scores) => {
      for (const endMs = performance.now() + 50; performance.now() < endMs; );
      scores.fill(0);
    },
  };
  const family: ListFamily = { model: 'made', variants: [{}], train: () => slow };
  const takesLong = /^made: takes about \d+\.\d s where/;
  expect((await searchedFor({ ...family, askWork: ({ items }) => items.length }, 10_000)).lines).toEqual([
    expect.stringMatching(takesLong),
  ]);
  expect((await searchedFor(family, 10_000)).settings).toBe(family.variants[0]);
  expect(() => fullRanking(slow, questions, 1, AbortSignal.abort())).toThrow(/abort/);
});

test('tries what is dear on the whole alone, beside the best', async () => {
  const tried: unknown[] = [];
  const poor = [0, 1, 2, 3].map((slowMs) => ({ isGood: 0, slowMs }));
  const good = { isGood: 1, slowMs: 0 };
  const family = { ...familyOf(poor, tried), dear: [good] };
  const settings = await settingsOf(family, { isLarge: false }, (search) => search.best(() => false, Infinity));
  expect(settings).toBe(good);
  expect(tried).toContainEqual([good, 1_000]);
  expect(tried).not.toContainEqual([good, 1]);
});

test('tries one on a whole that is not large, and more only where they would be done in time', async () => {
  const variants = [0, 1].map((isGood) => ({ isGood, slowMs: 20 }));
  const foundIn = (timeMs: number) =>
    settingsOf(familyOf(variants, []), { isLarge: false }, (search) =>
      search.best(() => false, performance.now() + timeMs),
    );
  expect(await foundIn(60_000)).toBe(variants[1]);
  expect(await foundIn(0)).toBe(variants[0]);
});
