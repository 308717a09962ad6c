import fc from 'fast-check';
import { expect, test } from 'vitest';
import { invertSpdReference } from '../kernels/spd-inverse-reference.ts';
import { SymmetricEigen } from '../kernels/symmetric-eigen.ts';
import { historyOf, rankingData, tasteData } from '../testing/ranking-data.ts';
import { type EaseSettings, trainEase } from './ease.ts';
import { userItemRows } from './user-item-rows.ts';

const taken = [
  [0, 1, 2],
  [0, 1],
  [1, 2, 3],
  [0, 3],
  [1, 2],
];
const data = rankingData(
  taken.flatMap((items, user) => items.map((item) => ({ user, item }))),
  { userCount: 5, itemCount: 5 },
);

test('weighs by popularity in the diagonal and in the scores, 1 at the mean; what nobody took is as popular as the least', () => {
  const ease = trainEase(
    data,
    { normPower: 1, regularisation: 2, regularisationPower: 0.5, popularityPower: 0.3 },
    { nowMs: 0 },
  );
  const gram = new Float64Array(25);
  for (const items of taken) {
    for (const a of items) for (const b of items) gram[a * 5 + b]! += 1 / items.length;
  }
  const mean = (gram[0]! + gram[6]! + gram[12]! + gram[18]!) / 4;
  const popularity = [gram[0]!, gram[6]!, gram[12]!, gram[18]!, gram[18]!].map((value) => value / mean);
  for (const [item, value] of popularity.entries()) gram[item * 5 + item]! += 2 * value ** 0.5;
  invertSpdReference(gram, 5);
  for (const [from, to] of [
    [0, 1],
    [1, 0],
    [2, 3],
    [3, 2],
    [4, 0],
  ] as const) {
    const weight = -gram[from * 5 + to]! / gram[to * 6]! / popularity[to]! ** 0.3;
    expect(ease.similarity(from, to)).toBeCloseTo(weight, 4);
  }
});

test('scores by users as by items', () => {
  const { train, cases, nowMs } = tasteData(1);
  const power = fc.constantFrom(0, 0.5, 1);
  const shape = fc.record({
    normPower: power,
    regularisation: fc.constantFrom(0.5, 20, 300),
    regularisationPower: power,
    popularityPower: power,
    trendPower: power,
    itemsMax: fc.constantFrom(80, 50),
    isDescribed: fc.boolean(),
  });
  fc.assert(
    fc.property(shape, ({ isDescribed, ...settings }) => {
      const attributes = isDescribed ? tenOf(80) : undefined;
      const [byUsers, byItems] = (['users', 'items'] as const).map((space) =>
        trainEase(train, { halfLifeDays: 30, ...settings, space }, { nowMs, attributes }),
      );
      const [found, wanted] = [new Float32Array(80), new Float32Array(80)];
      for (const { history } of cases.slice(0, 20)) {
        byUsers!.score(history, nowMs, found);
        byItems!.score(history, nowMs, wanted);
        const most = wanted.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
        for (const [item, score] of found.entries()) expect(Math.abs(score - wanted[item]!)).toBeLessThan(1e-3 * most);
      }
      expect(byUsers!.similarity(3, 4)).toBeCloseTo(byItems!.similarity(3, 4), 3);
      expect(byUsers!.similarity(3, 3)).toBe(0);
    }),
    { numRuns: 30 },
  );
});

test('its whole spectrum scores as the map by items', () => {
  const { train, cases, nowMs } = tasteData(1);
  const settings = { halfLifeDays: 30, normPower: 0.5, regularisationPower: 0.5, popularityPower: 0.2, itemsMax: 70 };
  const whole = trainEase(train, { ...settings, space: 'spectrum', rank: 70 }, { nowMs });
  const byItems = trainEase(train, { ...settings, space: 'items' }, { nowMs });
  const [found, wanted] = [new Float32Array(80 * 9), new Float32Array(80)];
  const histories = cases.slice(0, 9).map(({ history }) => history);
  whole.scoreMany(histories, nowMs, found);
  for (const [at, history] of histories.entries()) {
    byItems.score(history, nowMs, wanted);
    const most = wanted.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
    for (const [item, score] of wanted.entries()) {
      expect(Math.abs(found[at * 80 + item]! - score)).toBeLessThan(2e-3 * most);
    }
  }
  expect(whole.similarity(3, 4)).toBeCloseTo(byItems.similarity(3, 4), 3);
});

test('its largest eigenvalues pass as in the map by items, and those below as much less as they are smaller', () => {
  const { train, nowMs } = tasteData(2);
  const [n, rank, regularisation] = [80, 12, 5];
  const ease = trainEase(train, { regularisation, space: 'spectrum', rank }, { nowMs });
  const { start, items, weights } = userItemRows(train, {}, nowMs);
  const gram = new Float64Array(n * n);
  for (let user = 0; user < train.userCount; user++) {
    for (let a = start[user]!; a < start[user + 1]!; a++) {
      for (let b = start[user]!; b < start[user + 1]!; b++) {
        gram[items[a]! * n + items[b]!]! += (weights[a]! * weights[b]!) / regularisation;
      }
    }
  }
  const { values, vectors } = new SymmetricEigen(n).decompose(gram, {});
  const passes = values.map((value) => value / (1 + Math.max(value, values[rank - 1]!)));
  const passed = (a: number, b: number) =>
    passes.reduce((sum, pass, k) => sum + pass * vectors[k * n + a]! * vectors[k * n + b]!, 0);
  for (const [from, to] of [
    [0, 1],
    [1, 0],
    [7, 63],
    [40, 41],
  ] as const) {
    expect(ease.similarity(from, to)).toBeCloseTo(passed(from, to) / (1 - passed(to, to)), 3);
  }
});

test('is kept by users where these are far fewer than the items, and else by items', () => {
  const few = rankingData([], { userCount: 9, itemCount: 40 });
  const events = Array.from({ length: 40 }, (_, item) => ({ user: item % 9, item }));
  const columns = (data: typeof few, settings: EaseSettings = {}) =>
    Object.keys(trainEase(data, settings, { nowMs: 0 }).pack().columns);
  expect(columns(rankingData(events, few))).toContain('inverse');
  expect(columns(rankingData(events, { ...few, userCount: 1_000 }))).toContain('inverse');
  expect(columns(rankingData(events, few), { space: 'items' })).toContain('steps');
  expect(columns(data)).toContain('steps');
});

/** Items of the same ten have an attribute in common. */
function tenOf(itemCount: number) {
  return {
    start: Int32Array.from({ length: itemCount + 1 }, (_, item) => item),
    items: Int32Array.from({ length: itemCount }, (_, item) => Math.floor(item / 10)),
    weights: new Float32Array(itemCount).fill(1),
  };
}

test('attributes are rows of the items that have them, and speak for an item that nobody took', () => {
  // Attributes 0 and 1, each of several items, and 2 of a single one, which says nothing.
  const attributes = {
    start: Int32Array.of(0, 1, 2, 3, 4, 6),
    items: Int32Array.of(0, 1, 1, 0, 0, 2),
    weights: Float32Array.of(1, 1, 0.5, 2, 1, 3),
  };
  const rows = [
    ...taken.map((items) => Array.from({ length: 5 }, (_, item) => Number(items.includes(item)))),
    [1, 0, 0, 2, 1].map((weight) => weight * Math.sqrt(3)),
    [0, 1, 0.5, 0, 0].map((weight) => weight * Math.sqrt(3)),
  ];
  const gram = new Float64Array(25);
  for (const row of rows) for (let at = 0; at < 25; at++) gram[at]! += row[Math.floor(at / 5)]! * row[at % 5]!;
  for (let item = 0; item < 5; item++) gram[item * 6]! += 2;
  invertSpdReference(gram, 5);
  for (const space of ['items', 'users'] as const) {
    const ease = trainEase(data, { regularisation: 2, attributeWeight: 3, space }, { nowMs: 0, attributes });
    for (let at = 0; at < 25; at++) {
      const [from, to] = [Math.floor(at / 5), at % 5];
      if (from !== to) expect(ease.similarity(from, to)).toBeCloseTo(-gram[at]! / gram[to * 6]!, 4);
    }
    const scores = new Float32Array(5);
    ease.score(historyOf(data, 3), 0, scores);
    expect(scores[4]).toBeGreaterThan(0.1);
  }
});

test('refuses to trust the data wholly', () => {
  expect(() => trainEase(data, { regularisation: 0 }, { nowMs: 0 })).toThrow('above 0, not 0');
});

test('refuses attributes of more items or fewer, and of weights that are not finite', () => {
  const train = (attributes: ReturnType<typeof tenOf>) => trainEase(data, {}, { nowMs: 0, attributes });
  expect(() => train(tenOf(4))).toThrow('Attributes of 4 items were given where there are 5.');
  const wrong = tenOf(5);
  wrong.weights[3] = Number.NaN;
  expect(() => train(wrong)).toThrow('Attribute 0 has weight NaN; it must be finite.');
  wrong.items[2] = -1;
  expect(() => train(wrong)).toThrow('Attribute -1 was given; they are numbered from 0.');
});

test('names the limit where the map by items would not fit, and is kept by users where these are few', () => {
  const many = rankingData([{ user: 0, item: 49_999 }], { userCount: 1, itemCount: 50_000 });
  expect(() => trainEase(many, { space: 'items' }, { nowMs: 0 })).toThrow(
    /50000 by 50000 would take 4\.6\d GiB; one WebAssembly memory holds/,
  );
  expect(trainEase(many, {}, { nowMs: 0 }).similarity(49_999, 7)).toBe(0);
});
