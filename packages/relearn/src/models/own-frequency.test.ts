import fc from 'fast-check';
import { expect, test } from 'vitest';
import { historyOf, rankingData } from '../testing/ranking-data.ts';
import { trainOwnFrequency } from './own-frequency.ts';
import { dueness, typicalIntervals } from './repurchase-interval.ts';

const DAY_MS = 86_400_000;
const [milk, candles, vase] = [0, 1, 2];

/** Thirty users who take milk each week and candles each 60 days, from the first day to the last. */
function shoppers(lastDay: number) {
  const events = Array.from({ length: 30 }, (_, user) =>
    [milk, candles].flatMap((item) => {
      const every = item === milk ? 7 : 60;
      return Array.from({ length: Math.floor(lastDay / every) + 1 }, (_, time) => ({
        user,
        item,
        atMs: time * every * DAY_MS,
      }));
    }),
  ).flat();
  return rankingData([...events, { user: 0, item: vase, atMs: 0 }], { userCount: 30, itemCount: 3 });
}

test('intervals are the items’ own once they are known, and one’s own before others’', () => {
  const data = shoppers(420);
  const [ofMilk, ofCandles, ofVase] = typicalIntervals(data);
  expect(Math.exp(ofMilk!)).toBeCloseTo(7, 0);
  expect(Math.exp(ofCandles!)).toBeGreaterThan(40);
  expect(ofVase).toBeGreaterThan(ofMilk!);
  expect(ofVase).toBeLessThan(ofCandles!);
  const due = (day: number) => dueness(historyOf(data, 1), day * DAY_MS, typicalIntervals(data));
  expect(due(427).get(milk)).toBeGreaterThan(0.99);
  expect(due(421).get(milk)).toBeLessThan(0.3);
  expect(due(480).get(candles)).toBeGreaterThan(0.95);
  expect(due(480).get(milk)).toBeLessThan(0.3);
});

test('what is due comes first where it is asked for, and counts alone where it is not', () => {
  const data = shoppers(420);
  const order = (dueShare: number, day: number) => {
    const scores = new Float32Array(3);
    trainOwnFrequency(data, { dueShare }, { nowMs: 421 * DAY_MS }).score(historyOf(data, 0), day * DAY_MS, scores);
    return [milk, candles, vase].toSorted((a, b) => scores[b]! - scores[a]!);
  };
  expect(order(0, 480)).toEqual([milk, candles, vase]);
  expect(order(1, 428)).toEqual([milk, candles, vase]);
  expect(order(1, 500)).toEqual([candles, milk, vase]);
});

test('due is 0 to 1 whatever the history; nothing is where no times are known or nobody came back', () => {
  const time = fc.integer({ min: -1e15, max: 1e15 });
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: -2, max: 5 }), time)), time, (deeds, nowMs) => {
      const sorted = deeds.toSorted(([, a], [, b]) => a - b);
      const items = Int32Array.from(sorted, ([item]) => item);
      const weights = new Float32Array(items.length).fill(1);
      const timed = { items, atMs: Float64Array.from(sorted, ([, at]) => at), weights };
      for (const due of dueness(timed, nowMs, typicalIntervals(shoppers(420))).values()) {
        expect(due).toBeGreaterThanOrEqual(0);
        expect(due).toBeLessThanOrEqual(1);
      }
      const untimed = { items, atMs: new Float64Array(items.length).fill(Number.NaN), weights };
      expect(dueness(untimed, nowMs, typicalIntervals(shoppers(420))).size).toBe(0);
      expect(dueness(timed, nowMs, typicalIntervals(shoppers(5))).size).toBe(0);
    }),
  );
});
