import { expect, test } from 'vitest';
import { topK } from '../kernels/top-k.ts';
import { rankingData, seededRandom } from '../testing/index.ts';
import type { CandidateFeatures } from './candidate-features.ts';
import { ClosenessFeatures } from './closeness-features.ts';
import { FollowerFeatures } from './follower-features.ts';
import { directionCloseness, itemDirections } from './item-directions.ts';
import type { RankingModel } from './ranking.ts';
import { trainSessionFirstStage } from './session-first-stage.ts';
import { trainSessionItemFeatures } from './session-item-features.ts';
import { trainSessionSecondStage } from './session-second-stage.ts';
import { SessionStage } from './session-stage.ts';
import { trainTransitions } from './transitions.ts';

function dataOf(sessions: readonly (readonly number[])[], itemCount: number) {
  const events = sessions.flatMap((items, user) => items.map((item) => ({ user, item })));
  return rankingData(events, { userCount: sessions.length, itemCount });
}

function historyOf(...items: number[]) {
  return {
    items: Int32Array.from(items),
    atMs: new Float64Array(items.length).fill(Number.NaN),
    weights: new Float32Array(items.length).fill(1),
  };
}

/** Rows by their columns' names; what lies beside them is left alone. */
function told(features: CandidateFeatures, asking: readonly number[], candidates: readonly number[]) {
  const stride = features.names.length + 2;
  const rows = new Float32Array(candidates.length * stride).fill(-7);
  features.write({ history: historyOf(...asking), nowMs: 0 }, Int32Array.from(candidates), rows, stride, 1);
  return candidates.map((_, at) => {
    const own = rows.subarray(at * stride, (at + 1) * stride);
    expect([own[0], own[stride - 1]]).toEqual([-7, -7]);
    return Object.fromEntries(features.names.map((name, column) => [name, own[1 + column]!]));
  });
}

const none: CandidateFeatures = { names: [], write: () => undefined };
const { NaN: unknown } = Number;

function fixed(...values: number[]): RankingModel {
  return { itemCount: values.length, score: (_, __, scores) => scores.set(values) };
}

test('a stage tells score, share of the best candidate and place of each model; one of no weight finds nothing', () => {
  const parts = [
    { name: 'finder', model: fixed(1, 4, 2, 8), weight: 1 },
    { name: 'teller', model: fixed(9, 0, 3, 0), weight: 0 },
  ];
  const stage = new SessionStage(parts, none);
  const scores = new Float32Array(4);
  stage.retrieval.score(historyOf(), 0, scores);
  expect([...topK(scores, 4)]).toEqual([3, 1, 2, 0]);
  const [first, second, third] = told(stage, [], [1, 3, 2]);
  expect(first).toMatchObject({ finder: 4, 'finder share': 0.5, 'finder place': 1, 'blend place': 1 });
  expect(second).toMatchObject({ finder: 8, 'finder share': 1, 'finder place': 0, teller: 0, 'teller share': 0 });
  expect(third).toMatchObject({ 'finder place': 2, teller: 3, 'teller share': 1, 'teller place': 0 });
});

test('followers are told of the newest items one by one, and of all: an item at its last place', () => {
  const counts = { stepsMax: 1, backShare: 0, normPower: 0 };
  const transitions = trainTransitions(
    dataOf(
      [
        [0, 1],
        [0, 1],
        [0, 2],
        [1, 2],
      ],
      4,
    ),
    counts,
  );
  const features = new FollowerFeatures('next', transitions);
  for (const asking of [
    [1, 0],
    [1, 1, 0, -1, 9],
  ]) {
    const [one, two, three] = told(features, asking, [1, 2, 3]);
    expect(one).toMatchObject({ 'next last': 2, 'next last but one': 0, 'next last but two': unknown, 'next most': 2 });
    expect(two).toMatchObject({ 'next last': 1, 'next last but one': 1, 'next most': 1 });
    expect(two!['next faded']).toBeCloseTo(1 + Math.exp(-0.4));
    expect(three).toMatchObject({ 'next last': 0, 'next faded': 0 });
  }
});

test('closeness is told of the newest items one by one, and of all; of none it is unknown', () => {
  const features = new ClosenessFeatures({
    name: 'near',
    itemCount: 9,
    of: (item, candidates, closeness) => closeness.set(candidates.map((other) => 10 - Math.abs(item - other))),
  });
  const [row] = told(features, [8, 2], [3]);
  expect(row).toMatchObject({ 'near last': 9, 'near last but one': 5, 'near last but two': unknown });
  expect(row).toMatchObject({ 'near most': 9, 'near least': 5 });
  const fading = Math.exp(-0.4);
  expect(row!['near faded mean']).toBeCloseTo((9 + 5 * fading) / (1 + fading));
  expect(Object.values(told(features, [], [3])[0]!)).toEqual(features.names.map(() => unknown));
});

test('items are told by what sessions did with them, and by where they stand in the asking one', () => {
  const sessions = [[0, 1], ...Array.from({ length: 98 }, () => [1]), [2, 2, 0]];
  const features = trainSessionItemFeatures(dataOf(sessions, 4));
  const [often, twice, never] = told(features, [2, 0, 2], [1, 2, 3]);
  expect(often).toMatchObject({ taken: 99, 'taken newest': 0, items: 3, distinct: 2, repeats: 1, 'last taken': 2 });
  expect(often).toMatchObject({ 'own count': 0, 'own place': unknown });
  expect(often!['last seen']).toBeCloseTo(0.99);
  expect(often!.ends).toBeCloseTo(99 / 101);
  expect(twice).toMatchObject({ taken: 2, 'taken newest': 2, 'taken again': 0.25, 'own count': 2, 'own place': 0 });
  expect(twice).toMatchObject({ 'first seen': 1, ends: 0, 'first seen apart': 0 });
  expect(often!['first seen apart']).toBeCloseTo(0.99);
  expect(never).toMatchObject({ taken: 0, 'first seen': unknown, 'last seen': unknown, 'taken again': 0 });
});

test('items that stand beside the same others point the same way', () => {
  const random = seededRandom(3);
  const sessions = Array.from({ length: 600 }, (_, at) =>
    Array.from({ length: 4 }, () => (at % 2) * 10 + Math.floor(random() * 10)),
  );
  const beside = { stepsMax: 5, stepDecay: 0, backShare: 1, normPower: 0, followersMax: 20 };
  const { followers } = trainTransitions(dataOf(sessions, 20), beside);
  const { of } = directionCloseness(itemDirections(followers, { seed: 1 }));
  const cosines = new Float32Array(20);
  of(
    3,
    Int32Array.from({ length: 20 }, (_, item) => item),
    cosines,
  );
  expect(cosines[3]).toBeCloseTo(1, 4);
  const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(mean(cosines.subarray(0, 10))).toBeGreaterThan(mean(cosines.subarray(10)) + 0.05);
});

const firstStage = {
  knn: {
    neighbourCount: 50,
    sessionsPerItem: 500,
    queryDecay: 0.3,
    afterDecay: 0.2,
    beforeDecay: 0.2,
    rarityPower: 1,
    lengthPower: 0.25,
    nearnessPower: 1,
    ageDecay: 0,
    ownBoost: 1,
  },
  transitions: {
    stepsMax: 3,
    stepDecay: 0.5,
    backShare: 0.5,
    normPower: 0.5,
    queryDecay: 0.5,
    ageDecay: 0,
    followersMax: 100,
  },
  transitionsWeight: 0.2,
  nextItemWeight: 0.2,
};

test('a second stage learns from the newest sessions what a first stage does not weigh, the same for the same seed', () => {
  const random = seededRandom(4);
  // Whoever was at an item goes on to the one after the next: what is nearest counts for nothing.
  const sessions = Array.from({ length: 2_000 }, () => {
    const begin = Math.floor(random() * 40);
    return [0, 1, 1, 2].map((step) => (begin + 2 * step + (random() < 0.2 ? 1 : 0)) % 40);
  });
  const data = dataOf(sessions, 40);
  const [model, same] = [1, 1].map((seed) => trainSessionSecondStage(data, firstStage, { seed }));
  const [scores, again] = [new Float32Array(40), new Float32Array(40)];
  const first = trainSessionFirstStage(data, firstStage, { seed: 1 }).retrieval;
  let [hits, firstHits] = [0, 0];
  for (let begin = 0; begin < 40; begin++) {
    const asking = historyOf(begin, (begin + 2) % 40, (begin + 2) % 40);
    first.score(asking, 0, scores);
    if (topK(scores, 1)[0] === (begin + 4) % 40) firstHits++;
    model!.score(asking, 0, scores);
    if (topK(scores, 1)[0] === (begin + 4) % 40) hits++;
  }
  same!.score(historyOf(39, 1, 1), 0, again);
  expect(again).toEqual(scores);
  expect(hits).toBeGreaterThan(35);
  expect(firstHits).toBeLessThan(25);
});
