import fc from 'fast-check';
import { expect, test } from 'vitest';
import { historyOf, rankingData, tasteData } from '../testing/ranking-data.ts';
import { trainEase } from './ease.ts';
import { ITEMS_MIN, mostTaken, placesOf } from './most-taken.ts';

const pairs = fc.array(fc.record({ user: fc.nat(9), item: fc.nat(19) }), { maxLength: 80 });

test('keeps the items that most users took, whatever each user took twice', () => {
  fc.assert(
    fc.property(pairs, fc.nat(20), (events, itemsMax) => {
      const takers = (item: number) =>
        new Set(events.filter((event) => event.item === item).map(({ user }) => user)).size;
      const kept = [...mostTaken(rankingData(events, { userCount: 10, itemCount: 20 }), { itemsMax })];
      const leftOut = Array.from({ length: 20 }, (_, item) => item).filter((item) => !kept.includes(item));
      expect(kept).toEqual(kept.toSorted((a, b) => a - b));
      expect(kept).toHaveLength(itemsMax);
      const fewest = Math.min(Number.POSITIVE_INFINITY, ...kept.map(takers));
      for (const item of leftOut) expect(takers(item)).toBeLessThanOrEqual(fewest);
    }),
  );
});

test('leaves out what few took, but only among many', () => {
  const itemCount = ITEMS_MIN + 10;
  const events = Array.from({ length: 2 * itemCount }, (_, at) => ({ user: at % 2, item: at >> 1 })).filter(
    ({ user, item }) => user === 0 || item > 4,
  );
  const kept = mostTaken(rankingData(events, { userCount: 2, itemCount }), { takersMin: 2 });
  expect([...kept]).toEqual(Array.from({ length: itemCount - 5 }, (_, at) => at + 5));
  const few = rankingData(events.slice(0, 5), { userCount: 2, itemCount: 5 });
  expect(mostTaken(few, { takersMin: 2 })).toHaveLength(5);
});

test('EASE of some items is EASE of data that has no others', () => {
  const { train: data, nowMs } = tasteData(6);
  const settings = { normPower: 0.7, halfLifeDays: 60, trendPower: 0.5 };
  const kept = mostTaken(data, { itemsMax: 50 });
  const places = placesOf(kept, data.itemCount);
  const events = Array.from(data.items, (item, at) => ({
    user: data.users[at]!,
    item: places[item]!,
    atMs: data.atMs[at]!,
  }));
  const others = rankingData(
    events.filter(({ item }) => item >= 0),
    { userCount: data.userCount, itemCount: 50 },
  );
  const [some, whole] = [
    trainEase(data, { ...settings, itemsMax: 50 }, { nowMs }),
    trainEase(others, settings, { nowMs }),
  ];
  const [scores, expected] = [new Float32Array(data.itemCount), new Float32Array(50)];
  for (const user of [0, 1, 2]) {
    some.score(historyOf(data, user), nowMs, scores);
    whole.score(historyOf(others, user), nowMs, expected);
    expect(Float32Array.from(kept, (item) => scores[item]!)).toEqual(expected);
    expect(scores.filter((score, item) => score !== 0 && places[item]! < 0)).toHaveLength(0);
  }
  expect(some.similarity(kept[3]!, kept[7]!)).toBe(whole.similarity(3, 7));
  expect(some.similarity(places.indexOf(-1), kept[7]!)).toBe(0);
  const strongest = kept.reduce((a, b) => (some.similarity(b, kept[7]!) > some.similarity(a, kept[7]!) ? b : a));
  expect(some.speaker(Int32Array.from([places.indexOf(-1), -1, ...kept]), kept[7]!)).toBe(strongest);
});
