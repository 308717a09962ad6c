import { describe, expect, test } from 'vitest';
import { type Dataset, datasetOf } from './dataset.ts';
import { evaluation } from './evaluation.ts';
import type { Ranker } from './ranker.ts';

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 0, 1);

interface Deed {
  readonly person: number;
  readonly item: number;
  /** Days after the start; no time is known when left out. */
  readonly day?: number;
  readonly bought?: boolean;
}

function data(deeds: readonly Deed[]): Dataset {
  return datasetOf({
    people: deeds.map(({ person }) => person),
    items: deeds.map(({ item }) => item),
    atMs: deeds.map(({ day }) => (day === undefined ? Number.NaN : START_MS + day * DAY_MS)),
    weights: deeds.map(() => 1),
    baskets: deeds.map((_, at) => at),
    bought: deeds.map(({ bought = true }) => (bought ? 1 : 0)),
    prices: deeds.map(() => Number.NaN),
  });
}

/** Lists these items of the log, in this order, for everybody. */
function ranking({ itemIds }: Dataset, ...items: readonly number[]): Ranker {
  const place = (item: number) => (items.includes(item) ? -items.indexOf(item) : Number.NEGATIVE_INFINITY);
  const score = (_: unknown, __: number, scores: Float32Array) => scores.set(Array.from(itemIds, place));
  return { score } as unknown as Ranker;
}

/** Deeds of somebody else, so that items 100 to 399 are known; all of the first half of sixty days. */
const before: readonly Deed[] = Array.from({ length: 300 }, (_, at) => ({ person: 0, item: 100 + at, day: at % 30 }));

async function metrics(deeds: readonly Deed[], ...order: readonly number[]) {
  const set = data([...before, ...deeds]);
  const windows = evaluation.windows(set);
  const last = windows.at(-1)!;
  const scores = await evaluation.score(ranking(set, ...order), last.cases);
  return { windows, units: (metric: string) => Array.from(scores[metric] ?? []).sort((a, b) => a - b) };
}

describe('windows in time', () => {
  test('new is what was not bought, all is everything, and the primary metric their mean', async () => {
    const deeds = [
      { person: 1, item: 1, day: 1 },
      { person: 1, item: 2, day: 2, bought: false },
      { person: 1, item: 1, day: 58 },
      { person: 1, item: 2, day: 59 },
      { person: 2, item: 1, day: 3 },
      { person: 2, item: 1, day: 60 },
    ];
    const { units } = await metrics(deeds, 1, 2);
    expect(units('recall@20-all')).toEqual([1, 1]);
    expect(units('ndcg@20-new')).toEqual([1]);
    const { units: missed } = await metrics(deeds, 1);
    expect(missed('recall@20-all')).toEqual([0.5, 1]);
    expect(missed('recall@20-new')).toEqual([0]);
    expect(missed('recall@20')).toEqual([0.25, 1]);
  });

  test('each is foretold from what came before its cut alone', async () => {
    const { windows } = await metrics([
      { person: 1, item: 1, day: 1 },
      { person: 1, item: 100, day: 45 },
      { person: 1, item: 101, day: 60 },
    ]);
    for (const { train, nowMs } of windows) expect(Math.max(...train.atMs)).toBeLessThan(nowMs);
    expect(windows.map(({ nowMs }) => (nowMs - START_MS) / DAY_MS)).toEqual([40, 50]);
  });

  test('who and what was not there before is left out', async () => {
    const { units } = await metrics(
      [
        { person: 1, item: 1, day: 1 },
        { person: 1, item: 2, day: 59 },
        { person: 1, item: 100, day: 60 },
        { person: 2, item: 100, day: 60 },
      ],
      100,
    );
    expect(units('recall@20-new')).toEqual([1]);
  });

  test('where nobody comes back, the list is judged by what is new alone', async () => {
    const { units } = await metrics(
      [
        { person: 1, item: 1, day: 1 },
        { person: 1, item: 100, day: 60 },
      ],
      ...Array.from({ length: 30 }, (_, at) => 100 + at),
    );
    expect(units('ndcg@20-all')).toEqual([]);
    expect(units('ndcg@20')).toEqual(units('ndcg@20-new'));
  });
});

test('without times a fifth of each user’s items is held out, the same at every call', () => {
  const deeds = Array.from({ length: 2_000 }, (_, at) => ({ person: at % 40, item: Math.floor(at / 40) }));
  const [window, ...more] = evaluation.windows(data(deeds));
  expect(more).toEqual([]);
  expect(window!.train.items.length / deeds.length).toBeCloseTo(0.8, 1);
  expect(evaluation.windows(data(deeds))[0]!.train).toEqual(window!.train);
  for (const { had, wanted } of window!.cases.users) expect(wanted.isDisjointFrom(had)).toBe(true);
});

test('too little to compare gives no window', () => {
  expect(evaluation.windows(data([{ person: 1, item: 1, day: 1 }]))).toEqual([]);
});
