import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClientOf, type Host, startHost } from 'relearn';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Interaction } from '../../services/recommender/contract.ts';
import { catalogContract } from '../catalog/contract.ts';
import catalogService from '../catalog/main.ts';
import { importInteractions } from './import-interactions.ts';
import { importOnlineRetail } from './import-online-retail.ts';
import { importProducts } from './import-products.ts';
import type { RecommenderClient } from './write-batches.ts';

const clock = () => Date.UTC(2026, 0, 1);

let home: string;
let host: Host;
let catalog: ClientOf<typeof catalogContract>;
let log: Map<string, Interaction>;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'import-'));
  host = await startHost({ services: [catalogService], home, listen: false, env: { LOG_LEVEL: 'silent' } });
  catalog = host.client(catalogContract);
  log = new Map();
});

afterEach(async () => {
  await host.close();
  await rm(home, { recursive: true });
});

/** Keeps what it is sent, each id once; fails at the given batch, as when its process is killed. */
function recommenderInto(kept: Map<string, Interaction>, failsAtBatch = Number.POSITIVE_INFINITY): RecommenderClient {
  let batches = 0;
  const recordInteractions = ({ body }: { body: { interactions: unknown[] } }) => {
    if (++batches >= failsAtBatch) return Promise.reject(new Error('connection lost'));
    const fresh = (body.interactions as (Interaction & { id: string })[]).filter(({ id }) => !kept.has(id));
    for (const interaction of fresh) kept.set(interaction.id, interaction);
    return Promise.resolve({
      accepted: fresh.length,
      duplicates: body.interactions.length - fresh.length,
      refused: [],
    });
  };
  return { recordInteractions } as unknown as RecommenderClient;
}

async function file(name: string, lines: readonly string[]): Promise<string> {
  const path = join(home, name);
  await writeFile(path, `${lines.join('\n')}\n`);
  return path;
}

describe('importing interactions', () => {
  const rows = Array.from({ length: 25_000 }, (_, index) => `u${index % 500},i${index % 33},${1_600_000_000 + index}`);

  it('takes all rows once, however often the file is imported', async () => {
    const path = await file('log.csv', ['user,item,time', ...rows]);
    const recommender = recommenderInto(log);
    const first = await importInteractions(path, { as: 'purchase' }, { recommender, clock });
    expect(first).toMatchObject({ rows: 25_000, taken: { interactions: 25_000 } });
    expect(await importInteractions(path, { as: 'purchase' }, { recommender, clock })).toMatchObject({
      taken: { interactions: 0, 'known before, or the same row twice': 25_000 },
    });
    expect(log.size).toBe(25_000);
  });

  it('goes on after it was cut off, and counts nothing twice', async () => {
    const path = await file('log.csv', ['user,item,time', ...rows]);
    const cutOff = importInteractions(path, {}, { recommender: recommenderInto(log, 3), clock });
    await expect(cutOff).rejects.toThrow('connection lost');
    expect(log.size).toBe(20_000);
    const summary = await importInteractions(path, {}, { recommender: recommenderInto(log), clock });
    expect(summary.taken).toEqual({ interactions: 5_000, 'known before, or the same row twice': 20_000 });
  });

  it('writes nothing when the last row is wrong', async () => {
    const path = await file('log.csv', ['user,item,time', ...rows, 'ann,,1600000000']);
    await expect(importInteractions(path, {}, { recommender: recommenderInto(log), clock })).rejects.toThrow(
      /log\.csv, line 25002: no item is named/,
    );
    expect(log.size).toBe(0);
  });
});

describe('importing products', () => {
  it('creates and replaces, and says how many', async () => {
    const path = await file('products.csv', ['id,title,price', 'a,Mug,4.90', 'b,Cup,3.50']);
    expect((await importProducts(path, {}, { catalog })).taken).toMatchObject({ 'products created': 2 });
    const changed = await file('products.ndjson', [
      '{"id":"b","title":"Cup","price":3.5}',
      '{"id":"a","title":"Red mug","price":5}',
    ]);
    expect((await importProducts(changed, {}, { catalog })).taken).toEqual({
      'products created': 0,
      'products changed': 1,
      'products as they were': 1,
    });
    expect(await catalog.getProduct({ params: { id: 'a' } })).toMatchObject({
      title: 'Red mug',
      price: { amountMinor: 500 },
    });
  });

  it.each([
    ['a bad row', ['id,title,price', 'a,Mug,4.90', 'b,Cup,dear'], /products\.csv, line 3: price/],
    ['an id twice', ['id,title,price', 'a,Mug,4.90', 'a,Cup,1'], /line 3: product a is on line 2 already/],
    ['no price', ['id,title', 'a,Mug'], /no column for price.*columns found: id, title/],
    ['no rows', ['id,title,price'], /no rows/],
  ])('changes nothing with %s', async (_, lines, problem) => {
    await expect(importProducts(await file('products.csv', lines), {}, { catalog })).rejects.toThrow(problem);
    expect((await catalog.listProducts({ query: {} })).products).toEqual([]);
  });
});

describe('importing Online Retail', () => {
  const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
  const lines = [
    '536365,71053,WHITE METAL LANTERN,6,2010-12-01 08:26:00,3.39,17850.0,United Kingdom',
    'C536379,71053,WHITE METAL LANTERN,-1,2010-12-01 09:41:00,3.39,14527.0,United Kingdom',
    '536414,71053,damaged,-56,2010-12-01 11:52:00,0.0,,United Kingdom',
  ];

  it('fills catalog and recommender, and a second time changes neither', async () => {
    const path = await file('retail.csv', [header, ...lines]);
    const recommender = recommenderInto(log);
    const first = await importOnlineRetail(path, { catalog, recommender });
    expect(first.taken).toMatchObject({ 'products created': 1, purchases: 1 });
    expect(Object.values(first.leftOut)).toEqual([1, 1]);
    const second = await importOnlineRetail(path, { catalog, recommender });
    expect(second.taken).toMatchObject({ 'products created': 0, 'products changed': 0, 'purchases known before': 1 });
    expect((await catalog.searchProducts({ query: { q: 'lantren' } })).products[0]?.title).toBe('White Metal Lantern');
  });

  it('changes nothing when the file is wrong', async () => {
    const path = await file('retail.csv', [
      header,
      ...lines,
      '536366,22633,HAND WARMER,six,2010-12-01 08:28:00,1.85,17850.0,UK',
    ]);
    await expect(importOnlineRetail(path, { catalog, recommender: recommenderInto(log) })).rejects.toThrow(
      /line 5: Quantity is no number: "six"/,
    );
    expect(log.size).toBe(0);
    expect((await catalog.listProducts({ query: {} })).products).toEqual([]);
  });
});
