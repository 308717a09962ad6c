import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { topK } from '../kernels/top-k.ts';
import { RankingDataInvalid } from '../models/check-ranking-data.ts';
import { ModelBytesInvalid } from '../models/codec.ts';
import type { History, RankingData, RankingModel } from '../models/ranking.ts';
import { rankingScore } from '../models/ranking-metrics.ts';
import { historyOf, rankingData, tasteData } from './ranking-data.ts';

/** A kind of ranking model, as the suite runs it. */
export interface RankingKind {
  train(this: void, data: RankingData, context: { readonly seed: number; readonly nowMs: number }): RankingModel;
  /** Left out where a model has no bytes of its own. */
  readonly codec?: {
    encode(this: void, model: RankingModel): Uint8Array;
    /** @throws ModelBytesInvalid */
    decode(this: void, bytes: Uint8Array): RankingModel;
  };
  /** Whether it tells users apart, and so beats popularity where they differ; true unless said. */
  readonly isPersonal?: boolean;
  /** Whether it learns from interactions, and so must refuse those that are wrong; true unless said. */
  readonly readsInteractions?: boolean;
}

const nowMs = Date.UTC(2026, 0, 1);
const DAY_MS = 86_400_000;
const context = { seed: 1, nowMs };

/** What every ranking model must do. */
export function rankingSuite(name: string, kind: RankingKind): void {
  describe(name, () => {
    scoringTests(kind);
    if (kind.readsInteractions !== false) describe('bad data', () => badDataTests(kind));
    if (kind.codec !== undefined) describe('as bytes', () => codecTests(kind));
    learningTests(kind);
  });
}

function scoringTests({ train }: RankingKind): void {
  test('scores are finite, whatever the data', () => {
    fc.assert(
      fc.property(randomData, fc.array(fc.nat(40)), (data, items) => {
        const model = train(data, context);
        for (const history of [historyOf(data, 0), historyOf(data, data.userCount - 1), historyOfItems(items)]) {
          expect(scoresOf(model, history)).toSatisfy(allFinite);
        }
      }),
    );
  });

  test.each([
    ['no users and no items', [], { userCount: 0, itemCount: 0 }],
    ['items and no user', [], { userCount: 0, itemCount: 4 }],
    ['no interactions', [], { userCount: 3, itemCount: 4 }],
    ['one user', [{ user: 0, item: 2, atMs: nowMs }], { userCount: 1, itemCount: 4 }],
    ['one user and one item', [{ user: 0, item: 0, atMs: nowMs }], { userCount: 1, itemCount: 1 }],
    ['one item', [0, 1, 2].map((user) => ({ user, item: 0, atMs: nowMs })), { userCount: 3, itemCount: 1 }],
  ])('trains on %s', (_, events, shape) => {
    const data = rankingData(events, shape);
    const model = train(data, context);
    expect(model.itemCount).toBe(shape.itemCount);
    expect(scoresOf(model, historyOf(data, 0))).toSatisfy(allFinite);
    expect(scoresOf(model, historyOfItems([]))).toSatisfy(allFinite);
  });

  test('what a history holds of unknown items changes nothing', () => {
    const { train: data } = tasteData(1);
    const model = train(data, context);
    const known = scoresOf(model, historyOfItems([1, 2, 12]));
    expect(scoresOf(model, historyOfItems([1, -1, 2, data.itemCount, 12, 2 ** 31 - 1]))).toEqual(known);
    expect(scoresOf(model, historyOfItems([-5, 1_000_000]))).toEqual(scoresOf(model, historyOfItems([])));
  });

  test('many users at once are scored as each alone', () => {
    const { train: data, cases } = tasteData(6);
    const model = train(data, context);
    if (model.scoreMany === undefined) return;
    const histories = [...cases.slice(0, 20).map(({ history }) => history), historyOfItems([])];
    const scores = new Float32Array(histories.length * data.itemCount).fill(Number.NaN);
    model.scoreMany(histories, nowMs, scores);
    for (const [at, history] of histories.entries()) {
      expect(scores.slice(at * data.itemCount, (at + 1) * data.itemCount)).toEqual(scoresOf(model, history));
    }
  });

  test('a user of 100,000 interactions is learned from and answered', () => {
    const itemCount = 1_000;
    const events = Array.from({ length: 100_000 }, (_, event) => ({
      user: 0,
      item: (event * 7) % itemCount,
      atMs: nowMs - event * 1_000,
    }));
    const data = rankingData([...events, { user: 1, item: 3, atMs: nowMs }], { userCount: 2, itemCount });
    expect(scoresOf(train(data, context), historyOf(data, 0))).toSatisfy(allFinite);
  });
}

/** Faults in the second of three rows. */
const faults: readonly (readonly [keyof RankingData, number, RegExp])[] = [
  ...[Number.NaN, -1, 0, Number.POSITIVE_INFINITY, 1e30].map(
    (weight) => ['weights', weight, new RegExp(`Row 1 has weight ${weight === 1e30 ? '1' : weight}`)] as const,
  ),
  ['items', -1, /Row 1 has item -1/],
  ['items', 3, /Row 1 has item 3; it must be 0 to 2/],
  ['users', 2, /Row 1 has user 2; it must be 0 to 1/],
  ['users', -1, /Row 1 has user -1/],
  ['atMs', Number.NaN, /Row 1 has time NaN/],
  ['atMs', Number.POSITIVE_INFINITY, /Row 1 has time Infinity/],
  ['atMs', nowMs - 9, /Row 1 has time \d+; it must be not before/],
];

function badDataTests({ train }: RankingKind): void {
  const data = rankingData(
    [0, 1, 2].map((item) => ({ user: 0, item, atMs: nowMs })),
    { userCount: 2, itemCount: 3 },
  );

  test.each(faults)('refuses %s of %d, naming row and value', (column, value, message) => {
    const values = (data[column] as Float64Array).slice();
    values[1] = value;
    const training = () => train({ ...data, [column]: values }, context);
    expect(training).toThrow(RankingDataInvalid);
    expect(training).toThrow(message);
  });

  test('refuses columns of different lengths', () => {
    expect(() => train({ ...data, items: data.items.slice(1) }, context)).toThrow(RankingDataInvalid);
  });

  test('refuses more items than fit, naming the limit and the memory they would take', () => {
    const none = rankingData([], { userCount: 1, itemCount: 2 ** 31 - 1 });
    expect(() => train(none, context)).toThrow(/2147483647 items do not fit.*8\.0 GiB.*at most \d+/);
  });
}

function codecTests({ train, codec }: RankingKind): void {
  const { encode, decode } = codec ?? {};
  const { train: data, cases } = tasteData(2);
  const whole = () => encode!(train(data, context));

  test('a model read back gives the same scores', () => {
    const model = train(data, context);
    const copy = decode!(encode!(model));
    for (const { history } of cases.slice(0, 20)) expect(scoresOf(copy, history)).toEqual(scoresOf(model, history));
  });

  test('bytes that were cut short are refused', () => {
    const bytes = whole();
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), (length) => {
        expect(() => decode!(bytes.slice(0, length))).toThrow(ModelBytesInvalid);
      }),
    );
  });

  test('bytes of which a bit was changed are refused', () => {
    const bytes = whole();
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(7), (at, bit) => {
        const changed = bytes.slice();
        changed[at]! ^= 1 << bit;
        expect(() => decode!(changed)).toThrow(ModelBytesInvalid);
      }),
    );
  });
}

function learningTests({ train, isPersonal = true }: RankingKind): void {
  test('the same data and seed give the same model', () => {
    const { train: data, cases } = tasteData(3);
    const [a, b] = [train(data, context), train(data, context)];
    for (const { history } of cases.slice(0, 20)) expect(scoresOf(a, history)).toEqual(scoresOf(b, history));
  });

  test('the same item twice at once is no harm', () => {
    const { train: data, cases } = tasteData(4);
    const twice = eventsOf(data).flatMap((event) => [event, event]);
    const ndcg = meanNdcg(train(rankingData(twice, data), context), cases);
    expect(ndcg).toBeGreaterThan(0.9 * meanNdcg(train(data, context), cases));
  });

  if (!isPersonal) return;
  test('beats popularity where users have tastes', () => {
    const { train: data, cases } = tasteData(5);
    const counts = new Float32Array(data.itemCount);
    for (const item of data.items) counts[item]!++;
    const popularity: RankingModel = { itemCount: data.itemCount, score: (_, __, scores) => scores.set(counts) };
    expect(meanNdcg(train(data, context), cases)).toBeGreaterThan(2 * meanNdcg(popularity, cases));
  });
}

const randomData = fc
  .record({ userCount: fc.integer({ min: 1, max: 8 }), itemCount: fc.integer({ min: 1, max: 20 }) })
  .chain((shape) => {
    const event = fc.record({
      user: fc.nat(shape.userCount - 1),
      item: fc.nat(shape.itemCount - 1),
      atMs: fc.integer({ min: nowMs - 4_000 * DAY_MS, max: nowMs + DAY_MS }),
      weight: fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
    });
    const timed = fc.array(event, { maxLength: 60 });
    const untimed = fc.array(
      event.map(({ user, item, weight }) => ({ user, item, weight })),
      { maxLength: 60 },
    );
    return fc.oneof(timed, untimed).map((events) => rankingData(events, shape));
  });

function eventsOf({ users, items, atMs, weights }: RankingData) {
  return Array.from(users, (user, at) => ({ user, item: items[at]!, atMs: atMs[at]!, weight: weights[at]! }));
}

function historyOfItems(items: readonly number[]): History {
  return {
    items: Int32Array.from(items),
    atMs: new Float64Array(items.length).fill(nowMs - DAY_MS),
    weights: new Float32Array(items.length).fill(1),
  };
}

function scoresOf(model: RankingModel, history: History): Float32Array {
  const scores = new Float32Array(model.itemCount).fill(Number.NaN);
  model.score(history, nowMs, scores);
  return scores;
}

function allFinite(scores: Float32Array): boolean {
  return scores.every(Number.isFinite);
}

function meanNdcg(model: RankingModel, cases: ReturnType<typeof tasteData>['cases']): number {
  const sum = cases.reduce(
    (total, { history, wanted }) => total + rankingScore(topK(scoresOf(model, history), 10), wanted, 10).ndcg,
    0,
  );
  return sum / cases.length;
}
