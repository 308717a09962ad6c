import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { History } from '../ranking.ts';
import { boosted } from './boosted.ts';
import { determinantalGainReference } from './determinantal-gain-reference.ts';
import { determinantalGreedy } from './determinantal-greedy.ts';
import { maximalMarginalRelevance } from './maximal-marginal-relevance.ts';
import { maximalMarginalRelevanceReference } from './maximal-marginal-relevance-reference.ts';
import { type PlacementRules, placed, RulesContradict } from './placed.ts';
import { placedReference } from './placed-reference.ts';
import type { RankedList } from './ranked-list.ts';
import { rotated } from './rotated.ts';

const itemCount = 12;

/** Lists best first, with vectors whose cosines are how alike items are. */
const lists = fc
  .array(
    fc.record({
      item: fc.nat(itemCount - 1),
      score: fc.integer({ min: -4, max: 4 }),
    }),
  )
  .map((rows) => listOf(rows));
const vectors = fc.array(fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 4, maxLength: 4 }), {
  minLength: itemCount,
  maxLength: itemCount,
});
const questions = fc.record({ k: fc.nat(14), diversity: fc.constantFrom(0, 0.1, 0.5, 0.9, 1) });

function listOf(rows: readonly { readonly item: number; readonly score: number }[]): RankedList {
  const sorted = [...new Map(rows.map((row) => [row.item, row])).values()].sort((a, b) => b.score - a.score);
  return {
    items: Int32Array.from(sorted, ({ item }) => item),
    scores: Float32Array.from(sorted, ({ score }) => score),
  };
}

function cosineOf(rows: readonly (readonly number[])[]) {
  const dot = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, at) => sum + (value + 0.1) * (b[at]! + 0.1), 0);
  return (one: number, other: number) =>
    dot(rows[one]!, rows[other]!) / Math.sqrt(dot(rows[one]!, rows[one]!) * dot(rows[other]!, rows[other]!));
}

for (const diversify of [maximalMarginalRelevance, determinantalGreedy]) {
  test(`${diversify.name} gives k items of the list, each once; without diversity as they were`, () => {
    fc.assert(
      fc.property(lists, vectors, questions, (list, rows, question) => {
        const chosen = diversify(list, { ...question, similarity: cosineOf(rows) });
        expect(chosen).toHaveLength(Math.min(question.k, list.items.length));
        expect(new Set(chosen).size).toBe(chosen.length);
        expect(new Set(chosen).isSubsetOf(new Set(list.items))).toBe(true);
        if (question.diversity === 0) expect(chosen).toEqual(list.items.slice(0, question.k));
      }),
    );
  });

  test(`${diversify.name} shows another kind before a copy, and the best first`, () => {
    const list = listOf([5, 4.9, 4.8, 1].map((score, item) => ({ item, score })));
    const similarity = (one: number, other: number) => (one === other ? 1 : one < 3 && other < 3 ? 0.99 : 0);
    expect([...diversify(list, { k: 4, diversity: 0.6, similarity })]).toEqual([0, 3, 1, 2]);
  });

  test(`${diversify.name} refuses scores and shares that mean nothing`, () => {
    const question = { k: 2, diversity: 0.5, similarity: () => 0 };
    const list = { items: Int32Array.of(7, 8), scores: Float32Array.of(1, Number.NaN) };
    expect(() => diversify(list, question)).toThrow('Item 8 has score NaN; it must be finite.');
    expect(() => diversify(listOf([]), { ...question, diversity: 1.1 })).toThrow('Diversity is 0 to 1, not 1.1.');
    expect(() => diversify({ ...list, scores: Float32Array.of(1) }, question)).toThrow('2 items have 1 scores.');
  });
}

test('marginal relevance is what its formula says', () => {
  fc.assert(
    fc.property(lists, vectors, questions, (list, rows, question) => {
      const asked = { ...question, similarity: cosineOf(rows) };
      expect([...maximalMarginalRelevance(list, asked)]).toEqual(maximalMarginalRelevanceReference(list, asked));
    }),
  );
});

test('the determinantal list takes the item of greatest gain each time, until what is left is made up of it', () => {
  fc.assert(
    fc.property(lists, vectors, questions, (list, rows, question) => {
      fc.pre(question.diversity > 0);
      const asked = { ...question, similarity: cosineOf(rows) };
      const places = Array.from(determinantalGreedy(list, asked), (item) => list.items.indexOf(item));
      for (let at = 0; at < places.length; at++) {
        const gains = Array.from(list.items, (_, place) =>
          places.slice(0, at).includes(place)
            ? Number.NEGATIVE_INFINITY
            : determinantalGainReference(list, asked, places.slice(0, at), place),
        );
        const most = Math.max(...gains);
        if (most === Number.NEGATIVE_INFINITY) break;
        expect(gains[places[at]!]).toBeCloseTo(most, 5);
      }
    }),
  );
});

test('a boost lifts, a factor below 1 lowers, on both sides of 0; what has none stays in order', () => {
  fc.assert(
    fc.property(lists, fc.nat(itemCount - 1), fc.constantFrom(0.25, 1, 4), (list, item, factor) => {
      const { items } = boosted(list, (each) => (each === item ? factor : 1));
      const others = (each: number) => each !== item;
      expect(items.filter(others)).toEqual(list.items.filter(others));
      const moved = items.indexOf(item) - list.items.indexOf(item);
      expect(Math.sign(moved) * Math.sign(factor - 1)).not.toBe(1);
    }),
  );
  const list = listOf([4, 3, -2, -3].map((score, item) => ({ item, score })));
  expect([...boosted(list, (item) => (item % 2 === 1 ? 2 : 1)).items]).toEqual([1, 0, 3, 2]);
  expect(() => boosted(list, () => 0)).toThrow('Item 0 has factor 0; it must be above 0 and finite.');
});

test('what was shown without a click falls with each time, and is back with a click or with time', () => {
  const list = listOf([4, 3.9, 1].map((score, item) => ({ item, score })));
  const deeds = (items: readonly number[], atMs: number): History => ({
    items: Int32Array.from(items),
    atMs: new Float64Array(items.length).fill(atMs),
    weights: new Float32Array(items.length).fill(1),
  });
  const order = (impressions: History, clicks: History, nowMs = 10, halfLifeDays?: number) => [
    ...rotated(list, { impressions, clicks, nowMs, halfAfter: 5, ...(halfLifeDays && { halfLifeDays }) }).items,
  ];
  expect(order(deeds([], 1), deeds([], 1))).toEqual([0, 1, 2]);
  expect(order(deeds([0], 1), deeds([], 1))).toEqual([1, 0, 2]);
  expect(order(deeds(Array(20).fill(0), 1), deeds([], 1))).toEqual([1, 2, 0]);
  expect(order(deeds(Array(20).fill(0), 1), deeds([0], 2))).toEqual([0, 1, 2]);
  expect(order(deeds(Array(20).fill(0), 3), deeds([0], 2))).toEqual([1, 2, 0]);
  expect(order(deeds(Array(20).fill(0), 1), deeds([], 1), 100 * 86_400_000, 5)).toEqual([0, 1, 2]);
  expect(() => rotated(list, { impressions: deeds([], 1), clicks: deeds([], 1), nowMs: 1, halfAfter: 0 })).toThrow(
    RangeError,
  );
});

/** Item n is of the categories whose bits it has. */
const categoriesOf = (item: number) => ['odd', 'pair', 'four'].filter((_, bit) => (item >> bit) & 1);
const ruleSets: fc.Arbitrary<PlacementRules> = fc
  .record({
    k: fc.nat(8),
    pins: fc.array(fc.record({ item: fc.nat(itemCount + 2), place: fc.nat(7) }), { maxLength: 3 }),
    buried: fc.array(fc.nat(itemCount)),
    outOfStock: fc.array(fc.nat(itemCount)),
    caps: fc.dictionary(fc.constantFrom('odd', 'pair', 'four'), fc.nat(3)),
  })
  .map(({ buried, outOfStock, caps, ...rules }) => ({
    ...rules,
    isBuried: (item) => buried.includes(item),
    isInStock: (item) => !outOfStock.includes(item),
    cap: { categoriesOf, maxOf: (category) => caps[category] ?? Number.POSITIVE_INFINITY },
  }));

test('rules hold together: no repeat, nothing out of stock, caps and pins kept, otherwise in order', () => {
  let kept = 0;
  fc.assert(
    fc.property(fc.array(fc.nat(itemCount)), ruleSets, (items, rules) => {
      const list = placedOrContradiction(items, rules);
      if (list === undefined) return;
      kept++;
      const { k, pins = [], isBuried, isInStock, cap } = rules;
      expect(list).toEqual(placedReference(items, rules));
      expect(list.length).toBeLessThanOrEqual(k);
      expect(new Set(list).size).toBe(list.length);
      expect(list.every(isInStock!)).toBe(true);
      for (const category of ['odd', 'pair', 'four'])
        expect(list.filter((item) => categoriesOf(item).includes(category)).length).toBeLessThanOrEqual(
          cap!.maxOf(category),
        );
      for (const { item, place } of pins.filter(({ item }) => isInStock!(item)))
        if (list.length > place && list.indexOf(item) !== place)
          expect(list.length - pins.length).toBeLessThanOrEqual(place);
      const rank = (item: number) => Number(isBuried!(item)) * 1_000 + items.indexOf(item);
      const loose = list.filter((item) => !pins.some((pin) => pin.item === item));
      expect(loose).toEqual(loose.toSorted((a, b) => rank(a) - rank(b)));
    }),
    { numRuns: 500 },
  );
  expect(kept).toBeGreaterThan(100);
});

test('without rules the first k stay as they are', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(30)), fc.nat(10), (items, k) => {
      expect([...placed(items, { k })]).toEqual(items.slice(0, k));
    }),
  );
});

test('a cap with too few items left makes the list shorter; a pin moves up rather than leave a hole, and lapses out of stock', () => {
  const cap = { categoriesOf: () => ['tea'], maxOf: () => 2 };
  expect([...placed([1, 2, 3, 4], { k: 4, cap })]).toEqual([1, 2]);
  expect([...placed([1, 2, 3, 4], { k: 4, cap, pins: [{ item: 9, place: 3 }] })]).toEqual([1, 9]);
  expect([...placed([1], { k: 4, pins: [{ item: 9, place: 3 }] })]).toEqual([1, 9]);
  expect([...placed([1], { k: 4, pins: [{ item: 9, place: 0 }], isInStock: (item) => item !== 9 })]).toEqual([1]);
});

test.each<[string, Omit<PlacementRules, 'k'>]>([
  [
    'Items 1 and 2 are both pinned to place 0.',
    {
      pins: [
        { item: 1, place: 0 },
        { item: 2, place: 0 },
      ],
    },
  ],
  [
    'Item 1 is pinned to places 0 and 2.',
    {
      pins: [
        { item: 1, place: 2 },
        { item: 1, place: 0 },
      ],
    },
  ],
  ['Item 1 is pinned to place 4 of a list of 4.', { pins: [{ item: 1, place: 4 }] }],
  ['Item 1 is pinned to place 0.5 of a list of 4.', { pins: [{ item: 1, place: 0.5 }] }],
  ['Item 1 is both pinned and buried.', { pins: [{ item: 1, place: 0 }], isBuried: () => true }],
  [
    'The pins alone are more items of odd than its cap allows.',
    {
      pins: [
        { item: 1, place: 0 },
        { item: 5, place: 1 },
      ],
      cap: { categoriesOf, maxOf: () => 1 },
    },
  ],
])('refuses: %s', (message, rules) => {
  expect(() => placed([1, 2, 3], { k: 4, ...rules })).toThrow(new RulesContradict(message));
});

function placedOrContradiction(items: readonly number[], rules: PlacementRules): number[] | undefined {
  try {
    return [...placed(items, rules)];
  } catch (error) {
    if (error instanceof RulesContradict) return undefined;
    throw error;
  }
}
