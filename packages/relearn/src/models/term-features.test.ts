import { expect, test } from 'vitest';
import { historyOf, rankingData } from '../testing/index.ts';
import { TermFeatures, trainTermFeatures } from './term-features.ts';

const DAY_MS = 86_400_000;
const NOW_MS = 100 * DAY_MS;

const event = (user: number, item: number, days: number) => ({ user, item, atMs: NOW_MS - days * DAY_MS });
const [redMug, redLamp, blueMug, silent] = [0, 1, 2, 3];
const contents = [{ text: 'red mug' }, { text: 'red lamp' }, { text: 'blue mug' }, undefined];
const data = rankingData(
  [event(0, redMug, 60), event(0, redLamp, 60), event(0, redLamp, 0), event(1, blueMug, 70), event(1, redLamp, 5)],
  { userCount: 3, itemCount: 4 },
);
const features = trainTermFeatures(data, contents, {}, { nowMs: NOW_MS });

function rowsOf(told: TermFeatures, user: number, ...items: number[]): Record<string, number>[] {
  const [width, question] = [told.names.length, { history: historyOf(data, user), nowMs: NOW_MS }];
  const rows = new Float32Array(items.length * (width + 2));
  told.write(question, Int32Array.from(items), rows, width + 2, 1);
  return items.map((_, at) =>
    Object.fromEntries(told.names.map((name, column) => [name, rows[at * (width + 2) + 1 + column]!])),
  );
}

test('what an item names trends where it is taken more than before', () => {
  const [mug, lamp, blue, nothing] = rowsOf(features, 2, redMug, redLamp, blueMug, silent);
  const share = (count: number, of: number, days: number) => (count + days / 3) / (of + days / 3);
  const trendOf = (recent: number, before: number) => Math.log(share(recent, 2, 14) / share(before, 3, 76));
  expect(lamp!['term trend']).toBeCloseTo((trendOf(2, 2) + trendOf(2, 1)) / 2);
  expect(lamp!['most term trend']).toBeCloseTo(trendOf(2, 1));
  expect(mug!['term trend']).toBeCloseTo((trendOf(2, 2) + trendOf(0, 2)) / 2);
  expect(blue!['most term trend']).toBeCloseTo(trendOf(0, 1));
  expect(Object.values(nothing!)).toEqual(features.names.map(() => Number.NaN));
});

test('tells how often the user took what is named alike: ever, lately, at the last visit', () => {
  const [mug, lamp, blue] = rowsOf(features, 0, redMug, redLamp, blueMug);
  const [red, ofMug] = [Math.log(6 / 5), Math.log(6 / 3)];
  expect(mug!['terms of own']).toBeCloseTo((red * Math.log1p(3) + ofMug * Math.log1p(1)) / 2);
  expect(mug!['terms of own lately']).toBeCloseTo((red * Math.log1p(2) + ofMug * Math.log1p(0.5)) / 2);
  expect(mug!['terms of last visit']).toBeCloseTo((red * Math.log1p(1)) / 2);
  expect(lamp!['terms of own']).toBeCloseTo((red * Math.log1p(3) + Math.log(6 / 4) * Math.log1p(2)) / 2);
  expect(blue!['terms of own']).toBeCloseTo((ofMug * Math.log1p(1)) / 2);
});

test('one question leaves nothing behind for the next; an item not known says nothing', () => {
  const before = rowsOf(features, 1, redMug, blueMug);
  rowsOf(features, 0, redMug);
  expect(rowsOf(features, 1, redMug, blueMug)).toEqual(before);
  const unknown = { items: Int32Array.of(9, -1), atMs: Float64Array.of(1, 2), weights: Float32Array.of(1, 1) };
  const rows = new Float32Array(features.names.length);
  features.write({ history: unknown, nowMs: NOW_MS }, Int32Array.of(redMug), rows, features.names.length, 0);
  expect([...rows.subarray(2)]).toEqual([0, 0, 0]);
});

test('tells the same once packed and read back', () => {
  expect(rowsOf(TermFeatures.unpack(features.pack()), 0, redMug, silent)).toEqual(rowsOf(features, 0, redMug, silent));
});

test('without times nothing trends, and all is one visit', () => {
  const untimed = rankingData([{ user: 0, item: redMug }], { userCount: 1, itemCount: 4 });
  const told = trainTermFeatures(untimed, contents, {}, { nowMs: NOW_MS });
  const rows = new Float32Array(told.names.length);
  told.write({ history: historyOf(untimed, 0), nowMs: NOW_MS }, Int32Array.of(redLamp), rows, rows.length, 0);
  expect([rows[0], rows[1]]).toEqual([0, 0]);
  expect(rows[2]).toBeGreaterThanOrEqual(0);
  expect(rows[3]).toBe(rows[2]);
  expect(rows[4]).toBe(rows[2]);
});
