import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closestWord, editDistance } from './spelling.ts';

const vocabulary = [
  { word: 'lantern', products: 20 },
  { word: 'lanterns', products: 2 },
  { word: 'candle', products: 40 },
  { word: 'cradle', products: 50 },
  { word: 'mug', products: 30 },
  { word: 'rug', products: 60 },
];

describe('editDistance', () => {
  it('counts a swap of neighbours as one edit', () => {
    expect(editDistance('lantren', 'lantern')).toBe(1);
    expect(editDistance('kitten', 'sitting')).toBe(3);
    expect(editDistance('', 'abc')).toBe(3);
  });

  it('is zero for equal words alone, the same both ways, and never above the longer word', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        const distance = editDistance(a, b);
        expect(distance).toBe(editDistance(b, a));
        expect(distance === 0).toBe(a === b);
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});

describe('closestWord', () => {
  it('takes the fewest edits, then the same first letter, then the most products', () => {
    expect(closestWord('lantren', vocabulary)).toBe('lantern');
    expect(closestWord('cndle', vocabulary)).toBe('candle');
    expect(closestWord('mugg', vocabulary)).toBe('mug');
  });

  it('leaves alone what is short or far from everything', () => {
    expect(closestWord('mu', vocabulary)).toBeUndefined();
    expect(closestWord('bicycle', vocabulary)).toBeUndefined();
  });
});
