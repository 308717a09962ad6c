import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readOnlineRetail } from './import-online-retail.ts';

const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
const lines = [
  '536365,85123A,WHITE HANGING HEART T-LIGHT HOLDER,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom',
  '536365,85123A,WHITE HANGING HEART T-LIGHT HOLDER,1,2010-12-01 08:26:00,2.95,17850.0,United Kingdom',
  '536365,POST,POSTAGE,1,2010-12-01 08:26:00,18,17850.0,United Kingdom',
  'C536379,85123A,WHITE HANGING HEART T-LIGHT HOLDER,-1,2010-12-01 09:41:00,2.55,14527.0,United Kingdom',
  '536414,85123A,damaged,-56,2010-12-01 11:52:00,0.0,,United Kingdom',
  '536544,85123A,CREAM HANGING HEART T-LIGHT HOLDER,2,2010-12-01 14:32:00,5.06,,United Kingdom',
  '536545,22041,"RECORD FRAME 7"" SINGLE SIZE ",4,2010-12-02 14:32:00,2.55,17850.0,United Kingdom',
];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'online-retail-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(...rows: string[]): Promise<string> {
  const path = join(folder, `${Math.random()}.csv`);
  await writeFile(path, `${rows.join('\n')}\n`);
  return path;
}

describe('Online Retail', () => {
  it('takes purchases of products by customers, and says what it left out and why', async () => {
    const { rows, purchases, leftOut } = await readOnlineRetail(await file(header, ...lines));
    expect(rows).toBe(7);
    expect(purchases.map(({ id, userId, itemId, quantity, value }) => [id, userId, itemId, quantity, value])).toEqual([
      ['online-retail-536365-1', '17850', '85123A', 6, 15.3],
      ['online-retail-536365-2', '17850', '85123A', 1, 2.95],
      ['online-retail-536545-1', '17850', '22041', 4, 10.2],
    ]);
    expect(purchases[0]).toMatchObject({ kind: 'purchase', basketId: '536365', atMs: Date.UTC(2010, 11, 1, 8, 26) });
    expect(Object.values(leftOut)).toEqual([1, 1, 1, 1]);
    expect(rows).toBe(purchases.length + Object.values(leftOut).reduce((sum, count) => sum + count, 0));
  });

  it('makes products of the most frequent title, the median price, a category and themes', async () => {
    const { products } = await readOnlineRetail(await file(header, ...lines));
    expect(products).toEqual([
      {
        id: '85123A',
        title: 'White Hanging Heart T-Light Holder',
        price: { amountMinor: 295, currency: 'GBP' },
        categories: ['Candles & Lights'],
        tags: ['heart'],
        stock: 9,
      },
      expect.objectContaining({ id: '22041', title: 'Record Frame 7" Single Size', categories: ['Frames & Signs'] }),
    ]);
  });

  it.each([
    [
      'a column is missing',
      [header.replace('StockCode', 'Code')],
      /no column for code.*columns found: InvoiceNo, Code,/,
    ],
    [
      'a quantity is no number',
      [header, ...lines, lines[0]?.replace(',6,', ',six,')],
      /line 9: Quantity is no number: "six"/,
    ],
    ['a time is none', [header, lines[0]?.replace('2010-12-01', 'soon')], /line 2: InvoiceDate is no time/],
    ['a row is cut off', [header, '536365,85123A'], /line 2: 2 values where the header has 8/],
  ])('is refused when %s', async (_, rows, problem) => {
    await expect(readOnlineRetail(await file(...(rows as string[])))).rejects.toThrow(problem);
  });
});

const real = join(process.env.RELEARN_DATA ?? '../shared/data', 'online-retail.csv.gz');
describe.skipIf(!existsSync(real))(`Online Retail as it is (skipped where ${real} is absent)`, () => {
  it('gives 396,337 purchases of 541,909 rows, each with an id of its own', async () => {
    const { rows, purchases, products } = await readOnlineRetail(real);
    expect(rows).toBe(541_909);
    expect(purchases.length).toBe(396_337);
    expect(new Set(purchases.map(({ id }) => id)).size).toBe(396_337);
    const ids = new Set(products.map(({ id }) => id));
    expect(purchases.filter(({ itemId }) => !ids.has(itemId))).toEqual([]);
    expect(products.filter(({ title }) => title.startsWith('Product '))).toEqual([]);
  }, 60_000);
});
