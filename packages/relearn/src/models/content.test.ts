import fc from 'fast-check';
import { expect, test } from 'vitest';
import { trainContent } from './content.ts';
import { hashedTerms, type ItemContent, type TermSettings } from './content-terms.ts';

const word = fc.constantFrom('red', 'blue', 'mug', 'teapot', 'lamp');
const contents = fc.array(
  fc.option(
    fc.record({
      text: fc.array(word, { maxLength: 6 }).map((words) => words.join(' ')),
      attributes: fc.uniqueArray(fc.constantFrom('category tea', 'category light'), { maxLength: 2 }),
      price: fc.constantFrom(1, 7, 90),
    }),
    { nil: undefined },
  ),
  { minLength: 1, maxLength: 8 },
);
const settingsSets: fc.Arbitrary<TermSettings> = fc.constantFrom(
  {},
  { wordsMax: 2 },
  { partLengths: [2, 4] },
  { wordLettersMin: 4 },
);

/** tf-idf by item, as vectors of length 1. */
function vectorsOf(items: readonly (ItemContent | undefined)[], settings: TermSettings): Map<number, number>[] {
  const counts = items.map((item) => (item ? hashedTerms(item, settings) : new Map<number, number>()));
  return counts.map((row) => {
    const weights = Array.from(row, ([term, count]) => {
      const takers = counts.filter((other) => other.has(term)).length;
      return [term, Math.sign(count) * (1 + Math.log(Math.abs(count))) * Math.log1p(items.length / takers)] as const;
    });
    const norm = Math.hypot(...weights.map(([, weight]) => weight));
    return new Map(weights.map(([term, weight]) => [term, weight / norm]));
  });
}

test('likeness is the cosine of tf-idf, of other items alone', () => {
  fc.assert(
    fc.property(contents, settingsSets, fc.nat(7), (items, settings, at) => {
      const item = at % items.length;
      const scores = new Float32Array(items.length);
      trainContent(items, settings).addSimilar(item, 2, scores);
      const vectors = vectorsOf(items, settings);
      for (const [other, vector] of vectors.entries()) {
        const cosine = Array.from(vector, ([term, weight]) => weight * (vectors[item]!.get(term) ?? 0)).reduce(
          (a, b) => a + b,
          0,
        );
        expect(scores[other]).toBeCloseTo(other === item ? 0 : 2 * cosine, 4);
      }
    }),
  );
});

test('an item that nobody has taken is ranked by what it says', () => {
  const texts = ['Red tea pot', 'Blue tea pot', 'Desk lamp', 'Teapots, red'];
  const model = trainContent(
    texts.map((text) => ({ text })),
    { partLengths: [3] },
  );
  const scores = new Float32Array(4);
  model.score({ items: Int32Array.of(0), atMs: Float64Array.of(0), weights: Float32Array.of(1) }, 0, scores);
  expect(scores[0]).toBe(0);
  expect(scores[1]).toBeGreaterThan(scores[2]!);
  expect(scores[3]).toBeGreaterThan(scores[2]!);
});

test('terms: letters of any script, each word by itself, in its form and case alike', () => {
  const termsOf = (text: string, settings: TermSettings = {}) => new Set(hashedTerms({ text }, settings).keys());
  expect(termsOf('Caf\u00e9 M\u00dcGE')).toEqual(termsOf('cafe\u0301 m\u00fcge'));
  expect(termsOf('茶 чай 🫖 שָׁלוֹם').size).toBe(3);
  expect(termsOf('🫖 --- \u0000').size).toBe(0);
  expect(termsOf('a tea pot', { wordLettersMin: 2, wordsMax: 2 }).size).toBe(3);
  expect(termsOf('𝒳𝒴', { partLengths: [4] }).size).toBe(2);
  const priced = (price: number) => [...hashedTerms({ text: '', price }, {}).keys()];
  expect(priced(10)).toEqual(priced(11));
  expect(priced(10)).not.toEqual(priced(40));
  expect(priced(0)).toEqual([]);
  expect(priced(Number.NaN)).toEqual([]);
});
