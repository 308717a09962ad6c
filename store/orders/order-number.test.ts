import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makeOrderNumber, readOrderNumber } from './order-number.ts';

const anyNumber = fc
  .array(fc.integer({ min: 0, max: 30 }), { minLength: 11, maxLength: 11 })
  .map((values) => makeOrderNumber(() => values.pop()!));

it('is twelve characters in three groups, each number another', () => {
  const numbers = Array.from({ length: 1_000 }, () => makeOrderNumber(randomInt));
  for (const number of numbers) expect(number).toMatch(/^[1-9A-HJKMNP-TV-Z]{4}(-[1-9A-HJKMNP-TV-Z]{4}){2}$/);
  expect(new Set(numbers).size).toBe(1_000);
});

it('is read however it was typed', () => {
  fc.assert(
    fc.property(anyNumber, (number) => {
      expect(readOrderNumber(` ${number.toLowerCase().replaceAll('-', ' ')} `)).toBe(number);
    }),
  );
});

it('is refused with one character wrong or two swapped', () => {
  const place = fc.integer({ min: 0, max: 11 });
  fc.assert(
    fc.property(
      anyNumber,
      place,
      place,
      fc.constantFrom(...Array.from('123456789ABCDEFGHJKMNPQRSTVWXYZ')),
      (number, one, two, other) => {
        const text = Array.from(number.replaceAll('-', ''));
        const wrong = text.with(one, other).join('');
        if (wrong !== text.join('')) expect(readOrderNumber(wrong)).toBeUndefined();
        const swapped = text.with(one, text[two]!).with(two, text[one]!).join('');
        if (swapped !== text.join('')) expect(readOrderNumber(swapped)).toBeUndefined();
      },
    ),
    { numRuns: 2_000 },
  );
});

it.each(['', '7K3M-9QXP', 'L111-1111-1111', '1111-1111-1111-1111', 'Ä'.repeat(12)])('%j is no number', (text) => {
  expect(readOrderNumber(text)).toBeUndefined();
});
