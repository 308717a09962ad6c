import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../statistics/seeded-random.ts';
import { compiledKernels, kernelVariants } from './compiled-kernels.ts';
import { BEST_MAX, DotProductSearch } from './dot-product-search.ts';
import { bestItemsReference } from './dot-product-search-reference.ts';
import { instantiateKernels, Layout, takeMemory } from './load-kernels.ts';

const value = fc.integer({ min: -40, max: 40 }).map((steps) => steps / 8);

test('of few items, finds what a full sort does, with ties, exclusions and any shape', () => {
  const shape = fc.record({ itemCount: fc.nat(90), factorCount: fc.integer({ min: 1, max: 9 }), k: fc.nat(30) });
  fc.assert(
    fc.property(
      shape.chain(({ itemCount, factorCount, k }) =>
        fc.record({
          factors: fc.array(value, { minLength: itemCount * factorCount, maxLength: itemCount * factorCount }),
          query: fc.array(value, { minLength: factorCount, maxLength: factorCount }),
          excluded: fc.array(fc.integer({ min: -2, max: 95 })),
          k: fc.constant(k),
        }),
      ),
      ({ factors, query, excluded, k }) => {
        const [matrix, vector] = [Float32Array.from(factors), Float32Array.from(query)];
        const search = new DotProductSearch(matrix, query.length);
        expect(search.best(vector, k, excluded)).toEqual(bestItemsReference(matrix, vector, { k, excluded }));
        expect(search.best(vector, k)).toEqual(bestItemsReference(matrix, vector, { k }));
      },
    ),
  );
});

/** Normal deviates. Source: Box & Muller 1958. */
function normal(random: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

const lengths: Readonly<Record<string, (deviate: () => number, item: number) => number>> = {
  'of about one length': () => 1,
  'of lengths far apart': (deviate) => Math.exp(1.5 * deviate()),
  'one of them a thousand times as long': (_, item) => (item === 77 ? 1_000 : 1),
  'too small for their squares in f32': () => 1e-30,
};

test.each(Object.entries(lengths))('of many items %s, finds .99 of the exact best', (_, lengthOf) => {
  const deviate = normal(seededRandom(1));
  const [itemCount, factorCount, k] = [20_000, 16, 20];
  const factors = new Float32Array(itemCount * factorCount);
  for (let item = 0; item < itemCount; item++) {
    const length = lengthOf(deviate, item);
    for (let factor = 0; factor < factorCount; factor++) factors[item * factorCount + factor] = length * deviate();
  }
  const search = new DotProductSearch(factors, factorCount);
  let found = 0;
  for (let question = 0; question < 25; question++) {
    const query = Float32Array.from({ length: factorCount }, deviate);
    const { items } = search.best(query, k);
    const exact = bestItemsReference(factors, query, { k });
    found += exact.items.filter((item) => items.includes(item)).length;
  }
  expect(found / (25 * k)).toBeGreaterThanOrEqual(0.99);
});

test('refuses what no score can be of', () => {
  const search = new DotProductSearch(Float32Array.of(1, 2, 3, 4), 2);
  expect(() => search.best(Float32Array.of(1), 1)).toThrow('The query has 1 factors; the items have 2.');
  expect(() => search.best(Float32Array.of(1, Number.NaN), 1)).toThrow(/not finite/);
  expect(() => search.best(Float32Array.of(1, 2), BEST_MAX + 1)).toThrow(/more than 1000/);
  expect(() => new DotProductSearch(Float32Array.of(1, 2, Number.POSITIVE_INFINITY, 4), 2)).toThrow(/Item 1 has/);
  expect(() => new DotProductSearch(Float32Array.of(1, 2, 3), 2)).toThrow('3 numbers are no whole items of 2 factors.');
});

describe.each(kernelVariants)('the %s scan', (variant) => {
  test('sums whole numbers exactly, and keeps the best', () => {
    const random = seededRandom(2);
    const below = (count: number) => Math.floor(random() * count);
    const [groupCount, quads, keep] = [7, 3, 10];
    const groupBytes = 64 + quads * 64;
    const layout = new Layout();
    const at = {
      items: layout.take(groupCount * groupBytes),
      query: layout.take(quads * 4),
      most: layout.take(groupCount * 4),
      excluded: layout.take(groupCount * 2),
      scores: layout.take(keep * 4),
      places: layout.take((keep + 16) * 4),
    };
    const memory = takeMemory(layout.sizeBytes, 'A test');
    const items = new Uint8Array(memory.buffer, at.items, groupCount * groupBytes).map(() => below(128));
    const query = new Int8Array(memory.buffer, at.query, quads * 4).map(() => below(255) - 127);
    new Uint8Array(memory.buffer, at.items).set(items);
    new Int8Array(memory.buffer, at.query).set(query);
    for (let group = 0; group < groupCount; group++)
      new Float32Array(memory.buffer, at.items + group * groupBytes, 16).fill(1 / (group + 1));
    new Float32Array(memory.buffer, at.most, groupCount).fill(Number.POSITIVE_INFINITY);
    const scores = new Float32Array(memory.buffer, at.scores, keep);
    const places = new Int32Array(memory.buffer, at.places, keep);
    const kernels = instantiateKernels(memory, compiledKernels(variant));
    const { excluded, most } = at;
    kernels.scanItems(at.items, groupCount, 1, quads, at.query, -99, most, excluded, keep, at.scores, at.places);
    const sums = Array.from({ length: groupCount * 16 }, (_, place) => {
      const group = Math.floor(place / 16);
      const from = group * groupBytes + 64 + (place % 16) * 4;
      const sum = query.reduce(
        (total, factor, f) => total + factor * items[from + Math.floor(f / 4) * 64 + (f % 4)]!,
        -99,
      );
      return { place, score: Math.fround(sum * Math.fround(1 / (group + 1))) };
    });
    const best = sums.sort((a, b) => b.score - a.score || a.place - b.place).slice(0, keep);
    const kept = Array.from(places, (place, slot) => ({ place, score: scores[slot]! }));
    expect(kept.sort((a, b) => b.score - a.score || a.place - b.place)).toEqual(best);
  });
});
