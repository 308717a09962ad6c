import { expect, test } from 'vitest';
import { listData } from './list-data.ts';

test('numbers users and items as they come; each item once a user, whose lines may be several', () => {
  const { itemCount, taken, userOf, itemOf } = listData([
    ['somebody', ['this', 'that', 'this']],
    ['else', ['that']],
    ['somebody', ['that', 'other']],
  ]);
  expect(itemCount).toBe(3);
  expect(taken).toEqual([Int32Array.of(0, 1, 2), Int32Array.of(1)]);
  expect([userOf.get('else'), itemOf.get('other')]).toEqual([1, 2]);
});
