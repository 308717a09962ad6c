import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashId, IdSet } from './id-set.ts';

test('every id is new once, over growth and over hashes with their highest bit set', () => {
  const ids = new IdSet();
  const hashes = Array.from({ length: 20_000 }, (_, index) => hashId(`invoice-${index}`));
  expect(hashes.every(([high, low]) => ids.add(high, low))).toBe(true);
  expect(hashes.some(([high, low]) => ids.add(high, low))).toBe(false);
  expect(ids.size).toBe(20_000);
});

test('holds what a Set of the ids holds', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 3 }), { maxLength: 300 }), (names) => {
      const ids = new IdSet();
      const plain = new Set<string>();
      for (const name of names) {
        expect(ids.add(...hashId(name))).toBe(!plain.has(name));
        plain.add(name);
      }
    }),
  );
});

test('holds what is left after some are taken out', () => {
  const id = fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 1020, max: 1030 }));
  fc.assert(
    fc.property(fc.array(fc.tuple(id, fc.boolean()), { maxLength: 200 }), (steps) => {
      const ids = new IdSet();
      const plain = new Set<string>();
      for (const [[high, low], adds] of steps) {
        if (adds) expect(ids.add(high, low)).toBe(!plain.has(`${high} ${low}`));
        else ids.delete(high, low);
        if (adds) plain.add(`${high} ${low}`);
        else plain.delete(`${high} ${low}`);
      }
      expect(ids.size).toBe(plain.size);
      for (let high = 0; high < 3; high++)
        for (let low = 1020; low <= 1030; low++) expect(ids.has(high, low)).toBe(plain.has(`${high} ${low}`));
    }),
  );
});

test('a hash is two unsigned numbers, never both zero', () => {
  fc.assert(
    fc.property(fc.string(), (id) => {
      const [high, low] = hashId(id);
      expect(high >>> 0).toBe(high);
      expect(low >>> 0).toBe(low);
      expect(high + low).toBeGreaterThan(0);
    }),
  );
});
