import { expect, test } from 'vitest';
import { seededRandom } from '../testing/index.ts';
import type { FirstStage, SecondStageSettings } from './second-stage.ts';
import { SecondStage, trainSecondStage } from './second-stage.ts';

const ITEMS = 40;
const NOW_MS = 1_000;

/** Ranks by a popularity that says nothing of what is wanted; its features say it: items wanted have the history's colour. */
function colours(): FirstStage {
  const random = seededRandom(1);
  const popularity = Float32Array.from({ length: ITEMS }, () => random());
  return {
    names: ['popularity', 'same-colour'],
    retrieval: { itemCount: ITEMS, score: (_, __, scores) => scores.set(popularity) },
    write({ history }, candidates, rows, stride, column) {
      for (const [at, item] of candidates.entries()) {
        rows[at * stride + column] = popularity[item]!;
        rows[at * stride + column + 1] = Number(item % 4 === history.items[0]! % 4);
      }
    },
  };
}

function historyOf(...items: number[]) {
  return {
    items: Int32Array.from(items),
    atMs: new Float64Array(items.length).fill(NOW_MS),
    weights: new Float32Array(items.length).fill(1),
  };
}

function question(user: number) {
  const colour = user % 4;
  const wanted = new Set([0, 1, 2].map((step) => (colour + 4 * ((user * 7 + step * 3) % 10)) % ITEMS));
  return { history: historyOf(colour), nowMs: NOW_MS, wanted };
}

const settings: SecondStageSettings = {
  candidateCount: 30,
  boosters: [
    { loss: 'binary', treeCount: 20, leafCount: 4, leafRowsMin: 5 },
    { loss: 'lambdamart', treeCount: 20, leafCount: 4, leafRowsMin: 5 },
  ],
};

const questions = Array.from({ length: 200 }, (_, user) => question(user));
const windows = [{ firstStage: colours(), questions }];

function scoresOf(model: SecondStage, ...items: number[]): Float32Array {
  const scores = new Float32Array(ITEMS).fill(Number.NaN);
  model.score(historyOf(...items), NOW_MS, scores);
  return scores;
}

function ranked(scores: Float32Array): number[] {
  return Array.from(scores.keys()).sort((a, b) => scores[b]! - scores[a]!);
}

test('learns from the past how far to believe each feature', () => {
  const model = trainSecondStage(windows, colours(), settings, { seed: 1 });
  for (const colour of [0, 1, 2, 3]) {
    const best = ranked(scoresOf(model, colour)).slice(0, 5);
    expect(best.every((item) => item % 4 === colour)).toBe(true);
  }
});

test('what is no candidate follows in the first stage order', () => {
  const model = trainSecondStage(windows, colours(), settings, { seed: 1 });
  const first = new Float32Array(ITEMS);
  colours().retrieval.score(historyOf(0), NOW_MS, first);
  expect(ranked(scoresOf(model, 0)).slice(30)).toEqual(ranked(first).slice(30));
});

test('leaves room for new items beside those of a long history', () => {
  const history = Array.from({ length: 20 }, (_, item) => item);
  const candidatesOf = (seenCount: number) => {
    const asked = new Set<number>();
    const telling = {
      ...colours(),
      write(_: unknown, items: Int32Array) {
        for (const item of items) asked.add(item);
      },
    };
    scoresOf(
      trainSecondStage(windows, telling, { ...settings, candidateCount: 5, seenCount }, { seed: 1 }),
      ...history,
    );
    return [...asked];
  };
  expect(candidatesOf(0).filter((item) => item < 20)).toEqual([]);
  expect(candidatesOf(0)).toHaveLength(5);
  expect(candidatesOf(8).filter((item) => item < 20)).toHaveLength(8);
  expect(candidatesOf(8)).toEqual(expect.arrayContaining(candidatesOf(0)));
});

test('the same seed gives the same scores, with rows drawn and thinned out too; packed and read back as well', () => {
  const drawn = { ...settings, negativesPerWanted: 2, rowsMax: 2_000 };
  const [one, other] = [1, 1].map((seed) => trainSecondStage(windows, colours(), drawn, { seed }));
  expect(scoresOf(one!, 1)).toEqual(scoresOf(other!, 1));
  expect(scoresOf(SecondStage.unpack(one!.pack(), colours()), 1)).toEqual(scoresOf(one!, 1));
});

test('says so when there is nothing to learn from', () => {
  const nothing = questions.map((one) => ({ ...one, wanted: new Set<number>() }));
  expect(() =>
    trainSecondStage([{ firstStage: colours(), questions: nothing }], colours(), settings, { seed: 1 }),
  ).toThrow(RangeError);
});
