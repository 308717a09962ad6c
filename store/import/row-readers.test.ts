import type { TableRow } from 'relearn';
import { describe, expect, it } from 'vitest';
import { interactionReader, withContentId } from './interaction-reader.ts';
import { productReader } from './product-reader.ts';

const nowMs = Date.UTC(2026, 0, 1);

function table(...columns: string[]) {
  return { path: 'file.csv', columns, rows: () => (async function* (): AsyncGenerator<readonly TableRow[]> {})() };
}

function row(...cells: unknown[]): TableRow {
  return { line: 7, cells };
}

describe('an interaction', () => {
  it('is read from usual columns without a flag', () => {
    const { read, notes } = interactionReader(table('timestamp', 'visitorid', 'event', 'itemid'), {}, nowMs);
    expect(read(row('1433221332117', '257597', 'addtocart', '355908'))).toMatchObject({
      kind: 'cart-add',
      visitorId: '257597',
      itemId: '355908',
      atMs: 1433221332117,
    });
    expect(notes).toEqual([]);
  });

  it('is read from the columns that flags name', () => {
    const { read } = interactionReader(
      table('who', 'what', 'when'),
      { user: 'who', item: 'what', time: 'when', as: 'like' },
      nowMs,
    );
    expect(read(row('ann', 'mug', '2011-01-01'))).toMatchObject({ kind: 'like', userId: 'ann', itemId: 'mug' });
  });

  it('says what it filled in', () => {
    const { read, notes } = interactionReader(table('user', 'item'), {}, nowMs);
    expect(read(row('ann', 'mug'))).toMatchObject({ kind: 'view', atMs: null });
    expect(notes).toHaveLength(2);
  });

  it('has the same id for the same row, another for another', () => {
    const { read } = interactionReader(table('user', 'item', 'time'), {}, nowMs);
    const id = (...cells: string[]) => withContentId(read(row(...cells))).id;
    expect(id('ann', 'mug', '100')).toBe(id('ann', 'mug', '100'));
    expect(new Set([id('ann', 'mug', '100'), id('ann', 'mug', '101'), id('bob', 'mug', '100')]).size).toBe(3);
  });

  it.each([
    ['no item', ['ann', '', '100', '1'], /line 7: no item is named/],
    ['no user', ['', 'mug', '100', '1'], /line 7: neither user nor visitor/],
    ['a time that is none', ['ann', 'mug', 'noon', '1'], /line 7: noon is no time/],
    ['a time to come', ['ann', 'mug', String(nowMs + 3_600_000), '1'], /lies in the future/],
    ['a negative quantity', ['ann', 'mug', '100', '-1'], /line 7: quantity/],
    ['a quantity in words', ['ann', 'mug', '100', 'two'], /line 7: quantity/],
  ])('is refused with %s', (_, cells, problem) => {
    const { readChecked } = interactionReader(table('user', 'item', 'time', 'quantity'), {}, nowMs);
    expect(() => readChecked(row(...cells))).toThrow(problem);
  });

  it.each([
    [['who', 'item'], /no column for user or visitor.*columns found: who, item/],
    [['user', 'what'], /no column for item; name it with --item; columns found: user, what/],
  ])('is refused without a column for it: %s', (columns, problem) => {
    expect(() => interactionReader(table(...columns), {}, nowMs)).toThrow(problem);
  });
});

describe('a product', () => {
  it('is read from CSV, lists parted, the other columns as attributes', () => {
    const read = productReader(table('sku', 'name', 'price', 'category', 'tags', 'stock', 'colour'), { money: 'GBP' });
    expect(read(row('m1', 'Mug', '4.90', 'Kitchen|Mugs', 'red; gift', '3', 'red'))).toEqual({
      id: 'm1',
      title: 'Mug',
      price: { amountMinor: 490, currency: 'GBP' },
      description: '',
      categories: ['Kitchen', 'Mugs'],
      tags: ['red', 'gift'],
      pictureUrl: null,
      stock: 3,
      attributes: { colour: 'red' },
    });
  });

  it('is read from NDJSON as the catalog gives it', () => {
    const read = productReader(table('id', 'title', 'price', 'categories', 'revision'), {});
    expect(read(row('m1', 'Mug', { amountMinor: 490, currency: 'EUR' }, ['Mugs'], 4))).toMatchObject({
      price: { amountMinor: 490, currency: 'EUR' },
      categories: ['Mugs'],
      attributes: {},
    });
  });

  it.each([
    ['no title', ['m1', '', '1'], /line 7: .*title/],
    ['no price', ['m1', 'Mug', 'dear'], /line 7: price/],
    ['a negative price', ['m1', 'Mug', '-1'], /line 7: price/],
  ])('is refused with %s', (_, cells, problem) => {
    const read = productReader(table('id', 'title', 'price'), {});
    expect(() => read(row(...cells))).toThrow(problem);
  });
});
