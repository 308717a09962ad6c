import { expect, test } from 'vitest';
import type { AnyDefinition } from './definition.ts';
import type { Evaluation, Window } from './evaluation.ts';
import type { Trial } from './model.ts';
import { runTrials } from './run-trials.ts';

/** A model that is right for a share of the units; training it on a window is counted. */
function shareTrial(
  name: string,
  share: number,
  extra: Partial<Trial> = {},
  tried: [string, number, number][] = [],
): Trial {
  return {
    name,
    format: 'share/1',
    settings: { share },
    withSettings: (settings) => shareTrial(name, settings.share as number, extra, tried),
    train(units: number, { progress }) {
      tried.push([name, share, units]);
      progress(0.5);
      return { predict: () => share };
    },
    encode: () => new Uint8Array(1),
    decode: () => ({ predict: () => share }),
    ...extra,
  };
}

const UNITS = 900;

const evaluation: Evaluation<number, ReturnType<Trial['decode']>, number> = {
  primary: 'hit',
  windows: () => ['older', 'newer'].map((name): Window => ({ name, train: UNITS, cases: UNITS, nowMs: 0 })),
  thinned: (window, share) => ({ ...window, train: UNITS * share, cases: UNITS * share }),
  score: (model, cases) => ({
    hit: Float64Array.from({ length: cases }, (_, unit) =>
      Number((unit * 0.618) % 1 < (model.predict(unit) as number)),
    ),
  }),
};

const context = {
  seed: 1,
  nowMs: 0,
  signal: new AbortController().signal,
  progress: () => undefined,
  budget: { timeMs: Number.POSITIVE_INFINITY, memoryBytes: Number.POSITIVE_INFINITY },
};

function run(trials: readonly Trial[], budget = context.budget) {
  const definition = { name: 'shares', trials, evaluation, golden: () => [1] } as unknown as AnyDefinition;
  return runTrials(definition, UNITS, { ...context, budget });
}

test('finds settings on a share first, the best of them on everything, and keeps them with the version', async () => {
  const tried: [string, number, number][] = [];
  const variants = [0.9, 0.1, 0.5, 0.4, 0.3].map((share) => ({ share }));
  const trained = await run([shareTrial('plain', 0.2), shareTrial('tuned', 0.2, { variants }, tried)]);
  expect(trained).toMatchObject({ trial: 'tuned', settings: { share: 0.9 } });
  expect(trained.leaderboard[1]).toMatchObject({ settingsTried: 6, settings: { share: 0.9 }, chosen: true });
  expect(tried.filter(([, , units]) => units < UNITS)).toHaveLength(6);
  // Two of six on the whole newest window; then the best on both windows, and on all data.
  expect(tried.filter(([, , units]) => units === UNITS).map(([, share]) => share)).toEqual([0.9, 0.5, 0.9, 0.9, 0.9]);
});

test('says what each trial brought over the best of the simpler ones, and takes the simplest that is not worse', async () => {
  const { trial, leaderboard } = await run([
    shareTrial('simple', 0.1),
    shareTrial('good', 0.5),
    shareTrial('costly', 0.5),
    shareTrial('worse', 0.3),
  ]);
  expect(trial).toBe('good');
  expect(leaderboard.map(({ bought }) => bought?.over)).toEqual([undefined, 'simple', 'good', 'good']);
  expect(leaderboard[1]!.bought!.difference[0]).toBeGreaterThan(0.3);
  expect(leaderboard[2]!.bought!.difference).toEqual([0, 0]);
  expect(leaderboard[3]!.bought!.difference[1]).toBeLessThan(0);
});

test('leaves out what needs more memory than there is, and says how much', async () => {
  const { trial, leftOut } = await run(
    [shareTrial('simple', 0.1), shareTrial('square', 0.9, { memoryBytes: () => 3 * 1024 ** 2 })],
    { ...context.budget, memoryBytes: 1024 ** 2 },
  );
  expect(trial).toBe('simple');
  expect(leftOut).toEqual([{ trial: 'square', why: 'its training would take 3 MiB, and the budget is 1 MiB' }]);
});

test('ends when time is over, with what was tried; the first is always tried', async () => {
  const { trial, leaderboard, leftOut } = await run([shareTrial('simple', 0.1), shareTrial('better', 0.9)], {
    ...context.budget,
    timeMs: 0,
  });
  expect(trial).toBe('simple');
  expect(leaderboard).toHaveLength(1);
  expect(leftOut).toEqual([{ trial: 'better', why: 'the 0 s of the budget were over before it began' }]);
});

test('a trial that runs into the end of the time is ended', async () => {
  const slow = shareTrial('slow', 0.9, {
    async train(_: number, { progress }) {
      for (;;) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        progress(0.5);
      }
    },
  });
  const { trial, leftOut } = await run([shareTrial('simple', 0.1), slow], { ...context.budget, timeMs: 100 });
  expect(trial).toBe('simple');
  expect(leftOut).toEqual([{ trial: 'slow', why: 'it was not done within the 0 s of the budget' }]);
});
