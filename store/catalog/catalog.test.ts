import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { type ClientOf, consumer, contract, type Host, service, startHost } from 'relearn';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { catalogContract, type Product, productChanged } from './contract.ts';
import catalog from './main.ts';

const price = { amountMinor: 1999, currency: 'EUR' };
const heard: Product[] = [];
const listener = service({
  contract: contract({ name: 'listener', title: 'Listener', description: 'Hears.', version: '1.0.0', operations: {} }),
  setup: () => ({
    handlers: {},
    consumers: [
      consumer({
        event: productChanged,
        handle(product) {
          heard.push(product);
          return Promise.resolve();
        },
      }),
    ],
  }),
});

let home: string;
let host: Host;
let client: ClientOf<typeof catalogContract>;

beforeEach(async () => {
  heard.length = 0;
  home = await mkdtemp(join(tmpdir(), 'catalog-'));
  host = await startHost({ services: [catalog, listener], home, listen: false, env: { LOG_LEVEL: 'silent' } });
  client = host.client(catalogContract);
});

afterEach(async () => {
  await host.close();
  await rm(home, { recursive: true });
});

describe('a product', () => {
  it('is created with defaults, read, changed and retired, its revision growing', async () => {
    const created = await client.createProduct({ body: { id: 'm1', title: 'Mug', price } });
    expect(created).toMatchObject({ id: 'm1', stock: 0, categories: [], active: true, revision: 1 });
    expect(await client.getProduct({ params: { id: 'm1' } })).toEqual(created);
    const changed = await client.changeProduct({ params: { id: 'm1' }, body: { stock: 5 } });
    expect(changed).toMatchObject({ title: 'Mug', stock: 5, revision: 2 });
    const retired = await client.retireProduct({ params: { id: 'm1' } });
    expect(retired).toMatchObject({ active: false, revision: 3 });
  });

  it('is created once for one key, however often it is asked for', async () => {
    const body = { title: 'Mug', price };
    const first = await client.createProduct({ body }, { idempotencyKey: 'key-1' });
    expect(await client.createProduct({ body }, { idempotencyKey: 'key-1' })).toEqual(first);
    expect((await client.listProducts({ query: {} })).products).toEqual([first]);
  });

  it('is refused under an id that is taken, and not found under one that is not', async () => {
    await client.createProduct({ body: { id: 'm1', title: 'Mug', price } });
    await expect(client.createProduct({ body: { id: 'm1', title: 'Other', price } })).rejects.toMatchObject({
      code: 'catalog.product-exists',
    });
    for (const call of [
      client.getProduct({ params: { id: 'x' } }),
      client.retireProduct({ params: { id: 'x' } }),
      client.changeProduct({ params: { id: 'x' }, body: { stock: 1 } }),
    ]) {
      await expect(call).rejects.toMatchObject({ code: 'catalog.product-not-found' });
    }
  });

  it('is told to others on each real change, and only then', async () => {
    await client.createProduct({ body: { id: 'm1', title: 'Mug', price } });
    await client.changeProduct({ params: { id: 'm1' }, body: { title: 'Mug' } });
    await client.changeProduct({ params: { id: 'm1' }, body: { title: 'Red mug' } });
    await client.upsertProducts({ body: { products: [{ id: 'm1', title: 'Red mug', price }] } });
    await client.retireProduct({ params: { id: 'm1' } });
    await client.retireProduct({ params: { id: 'm1' } });
    await vi.waitFor(() => expect(heard.map(({ revision }) => revision)).toEqual([1, 2, 3]), 5000);
    expect(heard.at(-1)).toMatchObject({ title: 'Red mug', active: false });
  });

  it('is looked up with others in the order asked', async () => {
    await stock('a', 'b', 'c');
    const { products } = await client.getProducts({ body: { ids: ['c', 'nowhere', 'a'] } });
    expect(products.map(({ id }) => id)).toEqual(['c', 'a']);
  });
});

describe('a bulk upsert', () => {
  it('checks each row on its own and says why one is refused', async () => {
    const products = [
      { id: 'a', title: 'Mug', price },
      { id: 'b', title: 'Cup' },
      { id: 'c', title: 'Bowl', price: { amountMinor: -1, currency: 'EUR' } },
      'nonsense',
    ];
    const reply = await client.upsertProducts({ body: { products } });
    expect(reply).toMatchObject({ created: 1, changed: 0, unchanged: 0 });
    expect(reply.refused.map(({ index }) => index)).toEqual([1, 2, 3]);
    expect(reply.refused[0]?.reason).toMatch('price');
    expect(reply.refused[1]?.reason).toMatch('price.amountMinor');
  });

  it('tells created, changed and unchanged apart', async () => {
    await stock('a', 'b');
    const products = [
      { id: 'a', title: 'Product a', price },
      { id: 'b', title: 'Another', price },
      { id: 'c', title: 'Third', price },
    ];
    expect(await client.upsertProducts({ body: { products } })).toEqual({
      created: 1,
      changed: 1,
      unchanged: 1,
      refused: [],
    });
  });
});

describe('the list', () => {
  it('gives each active product once, page by page', async () => {
    const ids = Array.from({ length: 25 }, (_, index) => `p${index}`);
    await stock(...ids);
    await client.retireProduct({ params: { id: 'p7' } });
    const listed: string[] = [];
    let cursor: string | null | undefined;
    do {
      const page = await client.listProducts({ query: { limit: 7, ...(cursor && { cursor }) } });
      listed.push(...page.products.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor);
    expect(listed).toEqual(ids.filter((id) => id !== 'p7'));
  });

  it('narrows to a category, and counts categories', async () => {
    await stockShelf();
    const { products } = await client.listProducts({ query: { category: 'Light' } });
    expect(products.map(({ id }) => id)).toEqual(['lantern', 'candle']);
    expect((await client.listCategories({})).categories).toEqual([
      { value: 'Light', count: 2 },
      { value: 'Kitchen', count: 1 },
    ]);
  });

  it('refuses a cursor that it did not give', async () => {
    await stock('a', 'b');
    const { nextCursor } = await client.listProducts({ query: { limit: 1 } });
    for (const query of [{ cursor: 'nonsense' }, { cursor: nextCursor ?? '', category: 'Light' }]) {
      await expect(client.listProducts({ query })).rejects.toMatchObject({
        code: 'catalog.cursor-invalid',
        status: 400,
      });
    }
  });
});

describe('search', () => {
  const find = async (q: string, filters = {}) => {
    const { products, correctedQuery } = await client.searchProducts({ query: { q, ...filters } });
    return { ids: products.map(({ id }) => id), correctedQuery };
  };

  it('finds words of title, tags, category and description, the title first', async () => {
    await stockShelf();
    expect((await find('lantern')).ids).toEqual(['lantern', 'candle']);
    expect((await find('gift')).ids).toEqual(['mug']);
  });

  it('finds while the last word is being typed, and other forms of a word', async () => {
    await stockShelf();
    expect((await find('brass lan')).ids).toEqual(['lantern']);
    expect((await find('candles')).ids).toContain('candle');
  });

  it('forgives a typing error and says so; leaves out a word that means nothing', async () => {
    await stockShelf();
    expect(await find('lantren')).toEqual({ ids: ['lantern', 'candle'], correctedQuery: 'lantern' });
    expect(await find('brass xyzzyqq lantern')).toEqual({ ids: ['lantern'], correctedQuery: 'brass lantern' });
    expect(await find('mug')).toEqual({ ids: ['mug'], correctedQuery: null });
  });

  it('narrows by category, tag, price and stock, and counts what is left', async () => {
    await stockShelf();
    expect((await find('lantern', { tag: 'garden' })).ids).toEqual(['lantern']);
    expect((await find('lantern', { priceMaxMinor: 1000 })).ids).toEqual(['candle']);
    expect((await find('lantern', { inStock: true })).ids).toEqual(['lantern']);
    expect((await find('lantern', { category: 'Kitchen' })).ids).toEqual([]);
    const { facets, total } = await client.searchProducts({ query: { q: 'lantern', limit: 1 } });
    expect(total).toBe(2);
    expect(facets.categories).toEqual([{ value: 'Light', count: 2 }]);
  });

  it('does not find a retired product, nor correct towards it', async () => {
    await stockShelf();
    await client.retireProduct({ params: { id: 'mug' } });
    expect((await find('mug')).ids).toEqual([]);
    expect((await find('stonewear')).ids).toEqual([]);
    expect((await client.listCategories({})).categories).not.toContainEqual({ value: 'Kitchen', count: 1 });
  });

  it('answers whatever is typed', async () => {
    await stockShelf();
    const typed = fc.oneof(
      fc.string({ minLength: 1, maxLength: 40, unit: 'binary' }),
      fc.string({
        minLength: 1,
        maxLength: 40,
        unit: fc.constantFrom(
          '"',
          '*',
          '(',
          ')',
          '^',
          ':',
          '-',
          '+',
          '{',
          ' ',
          'OR',
          'NEAR',
          'title',
          'mug',
          '\u0000',
          '\u0301',
        ),
      }),
    );
    await fc.assert(
      fc.asyncProperty(typed, async (q) => {
        const { products, total } = await client.searchProducts({ query: { q: q.slice(0, 200) } });
        expect(products.length).toBeLessThanOrEqual(total);
      }),
      { numRuns: 300 },
    );
  });
});

async function stock(...ids: string[]): Promise<void> {
  const { refused } = await client.upsertProducts({
    body: { products: ids.map((id) => ({ id, title: `Product ${id}`, price })) },
  });
  expect(refused).toEqual([]);
}

async function stockShelf(): Promise<void> {
  const products = [
    { id: 'lantern', title: 'Brass lantern', categories: ['Light'], tags: ['garden'], stock: 3, price },
    {
      id: 'candle',
      title: 'Pillar candle',
      categories: ['Light'],
      description: 'Made for a lantern.',
      price: { amountMinor: 900, currency: 'EUR' },
    },
    { id: 'mug', title: 'Stoneware mug', categories: ['Kitchen'], tags: ['gift'], stock: 9, price },
  ];
  expect((await client.upsertProducts({ body: { products } })).created).toBe(3);
}
