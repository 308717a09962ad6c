import { expect, test } from 'vitest';
import { historyOf, rankingData } from '../testing/index.ts';
import { trainUserItemFeatures, UserItemFeatures } from './user-item-features.ts';

const DAY_MS = 86_400_000;
const NOW_MS = 100 * DAY_MS;

const event = (user: number, item: number, days: number) => ({ user, item, atMs: NOW_MS - days * DAY_MS });
const data = rankingData(
  [event(0, 0, 50), event(0, 1, 50), event(0, 0, 20), event(0, 0, 10), event(1, 0, 5), event(1, 2, 5), event(1, 0, 5)],
  { userCount: 2, itemCount: 4 },
);
const features = trainUserItemFeatures(data, { nowMs: NOW_MS });

function rowsOf(told: UserItemFeatures, ...items: number[]): Record<string, number>[] {
  const [width, question] = [told.names.length, { history: historyOf(data, 0), nowMs: NOW_MS }];
  const rows = new Float32Array(items.length * (width + 2));
  told.write(question, Int32Array.from(items), rows, width + 2, 1);
  return items.map((_, at) =>
    Object.fromEntries(told.names.map((name, column) => [name, rows[at * (width + 2) + 1 + column]!])),
  );
}

test('tells of an item how much, by how many and when it was taken', () => {
  const [taken, once, never] = rowsOf(features, 0, 1, 3);
  expect(taken).toMatchObject({ 'taken 7 days': 2, 'taken 14 days': 3, 'taken 30 days': 4, takers: 2 });
  expect(taken).toMatchObject({ 'first taken': 50, 'last taken': 5, 'takes a taker': 2.5 });
  expect(taken).toMatchObject({ 'new takers 14 days': 1, 'new takers 90 days': 2, 'share of takers again': 0.5 });
  expect(once).toMatchObject({ 'taken 30 days': 0, 'taken 90 days': 1, takers: 1, 'last taken': 50 });
  expect(once).toMatchObject({ 'new takers 30 days': 0, 'new takers 90 days': 1, 'share of takers again': 0 });
  expect(never).toMatchObject({ takers: 0, 'first taken': Number.NaN, 'last taken': Number.NaN, 'takes a taker': 0 });
  expect(never).toMatchObject({ 'new takers 90 days': 0, 'share of takers again': Number.NaN });
});

test('tells of a user how often they come, and what they have to do with the item', () => {
  const [often, once, never] = rowsOf(features, 0, 1, 2);
  expect(often).toMatchObject({ visits: 3, items: 2, takes: 4, 'last visit': 10, 'first visit': 50, pause: 20 });
  expect(often).toMatchObject({ 'visits 30 days': 2, 'own visits': 3, 'own last': 10, 'own pause': 20, overdue: 0.5 });
  expect(once).toMatchObject({ 'own visits': 1, 'own last': 50, 'own pause': Number.NaN });
  expect(once!['own share']).toBeCloseTo(1 / 3);
  expect(once!['own last before last visit']).toBe(40);
  expect(never).toMatchObject({ visits: 3, 'own visits': 0, 'own last': Number.NaN, 'own share': Number.NaN });
});

test('tells the same once packed and read back', () => {
  expect(rowsOf(UserItemFeatures.unpack(features.pack()), 0, 2)).toEqual(rowsOf(features, 0, 2));
});

test('what is not known is missing, never infinite, without times too', () => {
  const untimed = rankingData(
    [
      { user: 0, item: 0 },
      { user: 0, item: 1 },
    ],
    { userCount: 1, itemCount: 2 },
  );
  const told = trainUserItemFeatures(untimed, { nowMs: NOW_MS });
  const rows = new Float32Array(2 * told.names.length);
  for (const history of [historyOf(untimed, 0), historyOf(untimed, 1)]) {
    told.write({ history, nowMs: NOW_MS }, Int32Array.of(0, 1), rows, told.names.length, 0);
    expect(rows.every((value) => Math.abs(value) !== Number.POSITIVE_INFINITY)).toBe(true);
  }
});
