import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rankingData } from '../testing/ranking-data.ts';
import type { RankingModel } from './ranking.ts';
import { type SessionKnnSettings, trainSessionKnn } from './session-knn.ts';
import { type TransitionsSettings, trainTransitions } from './transitions.ts';

const itemCount = 9;
const session = fc.array(fc.nat(itemCount - 1), { minLength: 1, maxLength: 6 });
const sessions = fc.array(session, { minLength: 1, maxLength: 12 });

function dataOf(all: readonly (readonly number[])[]) {
  const events = all.flatMap((items, user) => items.map((item) => ({ user, item })));
  return rankingData(events, { userCount: all.length, itemCount });
}

function scoresOf(model: RankingModel, asking: readonly number[]): Float32Array {
  const scores = new Float32Array(itemCount).fill(Number.NaN);
  const history = { items: Int32Array.from(asking), atMs: new Float64Array(), weights: new Float32Array() };
  model.score(history, 0, scores);
  return scores;
}

function expectClose(actual: Float32Array, expected: ArrayLike<number>): void {
  for (const [item, score] of actual.entries()) expect(score).toBeCloseTo(expected[item]!, 4);
}

const knnSettings: SessionKnnSettings = {
  neighbourCount: 100,
  sessionsPerItem: 100,
  queryDecay: 0.3,
  afterDecay: 0.2,
  beforeDecay: 0.7,
  rarityPower: 1.5,
  lengthPower: 0.5,
  nearnessPower: 1.5,
  ageDecay: 0.8,
  ownBoost: 1.7,
};

/** Session kNN word for word, one session after the other. */
function plainSessionKnn(all: readonly (readonly number[])[], asking: readonly number[]): number[] {
  const { queryDecay, afterDecay, beforeDecay, rarityPower, lengthPower, nearnessPower, ageDecay, ownBoost } =
    knnSettings;
  const scores = Array.from({ length: itemCount }, () => 0);
  const newestFirst = [...new Set(asking.toReversed())];
  for (const [at, items] of all.entries()) {
    const shared = newestFirst.filter((item) => items.includes(item));
    if (shared.length === 0) continue;
    const nearness = shared.reduce((sum, item) => {
      const age = asking.length - 1 - asking.lastIndexOf(item);
      const holders = all.filter((other) => other.includes(item)).length;
      return sum + Math.exp(-queryDecay * age) * Math.log1p(all.length / holders) ** rarityPower;
    }, 0);
    const age = Math.exp((-ageDecay * (all.length - 1 - at)) / all.length);
    const match = items.lastIndexOf(shared[0]!);
    for (const [place, item] of items.entries()) {
      const fading = Math.exp(place < match ? -beforeDecay * (match - place) : -afterDecay * (place - match));
      scores[item]! += (age * fading * nearness ** nearnessPower) / items.length ** lengthPower;
    }
  }
  return scores.map((score, item) => (asking.includes(item) ? score * ownBoost : score));
}

test('neighbour sessions score as told plainly', () => {
  fc.assert(
    fc.property(sessions, session, (all, asking) => {
      expectClose(scoresOf(trainSessionKnn(dataOf(all), knnSettings), asking), plainSessionKnn(all, asking));
    }),
  );
});

test('only the newest sessions of an item are looked at, and the nearest speak', () => {
  const data = dataOf([
    [0, 1],
    [0, 2],
    [0, 3],
    [4, 0, 5],
  ]);
  const scored = (settings: Partial<SessionKnnSettings>) => {
    const scores = scoresOf(trainSessionKnn(data, settings), [4, 0]);
    return [...scores.keys()].filter((item) => scores[item]! > 0);
  };
  expect(scored({})).toEqual([0, 1, 2, 3, 4, 5]);
  expect(scored({ sessionsPerItem: 2 })).toEqual([0, 3, 4, 5]);
  expect(scored({ neighbourCount: 1 })).toEqual([0, 4, 5]);
});

const steps: TransitionsSettings = {
  stepsMax: 3,
  stepDecay: 0.4,
  backShare: 0.3,
  normPower: 0,
  queryDecay: 0.6,
  ageDecay: 0.9,
  followersMax: 100,
};

function plainTransitions(all: readonly (readonly number[])[], asking: readonly number[]): number[] {
  const scores = Array.from({ length: itemCount }, () => 0);
  for (const [age, asked] of asking.toReversed().entries()) {
    for (const [at, items] of all.entries()) {
      for (const [a, from] of items.entries()) {
        for (const [b, to] of items.entries()) {
          const distance = Math.abs(b - a);
          if (from !== asked || distance === 0 || distance > steps.stepsMax) continue;
          const share = (b > a ? 1 : steps.backShare) * Math.exp(-steps.stepDecay * (distance - 1));
          const newness = Math.exp((-steps.ageDecay * (all.length - 1 - at)) / all.length);
          scores[to]! += Math.exp(-steps.queryDecay * age) * share * newness;
        }
      }
    }
  }
  return scores;
}

test('transitions score as told plainly', () => {
  fc.assert(
    fc.property(sessions, session, (all, asking) => {
      expectClose(scoresOf(trainTransitions(dataOf(all), steps), asking), plainTransitions(all, asking));
    }),
  );
});

test('transitions are shares of what follows at a power of 1, cut to the strongest followers', () => {
  const data = dataOf([
    [0, 1],
    [0, 1],
    [0, 1],
    [0, 2],
  ]);
  const share = (settings: Partial<TransitionsSettings>) =>
    [...scoresOf(trainTransitions(data, { backShare: 0, normPower: 1, ...settings }), [0])].slice(0, 4);
  expect(share({})).toEqual([0, 0.75, 0.25, 0]);
  expect(share({ followersMax: 1 })).toEqual([0, 0.75, 0, 0]);
});
