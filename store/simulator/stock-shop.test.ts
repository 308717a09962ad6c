import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startHost } from 'relearn';
import { expect, it } from 'vitest';
import type { Interaction } from '../../services/recommender/contract.ts';
import { catalogContract } from '../catalog/contract.ts';
import catalog from '../catalog/main.ts';
import { makeShop } from './shop.ts';
import { type ShopClients, stockShop } from './stock-shop.ts';
import { writePictures } from './write-pictures.ts';

const nowMs = Date.UTC(2026, 4, 1);
const shop = makeShop(5, { nowMs, shopperCount: 300 });

function recommenderInto(kept: Set<string | undefined>, refusedIndexes: readonly number[] = []) {
  const recordInteractions = ({ body }: { body: { interactions: unknown[] } }) => {
    for (const { id } of body.interactions as Interaction[]) kept.add(id);
    const refused = refusedIndexes.map((index) => ({ index, code: 'x', reason: 'time far ahead' }));
    return Promise.resolve({ accepted: 0, duplicates: 0, refused });
  };
  return { recordInteractions } as unknown as ShopClients['recommender'];
}

it('a made-up shop is stocked whole, and a second time changes nothing', async () => {
  const home = await mkdtemp(join(tmpdir(), 'stock-'));
  const host = await startHost({ services: [catalog], home, listen: false, env: { LOG_LEVEL: 'silent' } });
  const client = host.client(catalogContract);
  const kept = new Set<string | undefined>();
  try {
    await stockShop(shop, { catalog: client, recommender: recommenderInto(kept) });
    const nextDay = makeShop(5, { nowMs: nowMs + 86_400_000, shopperCount: 300 });
    await stockShop(
      { ...nextDay, interactions: shop.interactions },
      { catalog: client, recommender: recommenderInto(kept) },
    );
    const { categories } = await client.listCategories({});
    expect(categories.length).toBe(12);
    expect(categories.reduce((sum, { count }) => sum + count, 0)).toBe(shop.products.length);
    const { revision } = await client.getProduct({ params: { id: shop.products[0]?.id ?? '' } });
    expect(revision).toBe(1);
    expect(kept.size).toBe(shop.interactions.length);
    const found = await client.searchProducts({ query: { q: 'moroccan lantren' } });
    expect(found.products[0]?.title).toMatch('Moroccan Lantern');
  } finally {
    await host.close();
    await rm(home, { recursive: true });
  }
});

it('a row that is refused stops the stocking with its reason', async () => {
  const upsertProducts = () => Promise.resolve({ created: 0, changed: 0, unchanged: 0, refused: [] });
  const clients = {
    catalog: { upsertProducts } as unknown as ShopClients['catalog'],
    recommender: recommenderInto(new Set(), [3]),
  };
  await expect(stockShop(shop, clients)).rejects.toThrow(
    '1 rows of the made-up shop were refused, the first because: time far ahead',
  );
});

it('pictures lie where the products say', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pictures-'));
  try {
    await writePictures(shop.products, folder);
    const names = new Set(await readdir(folder));
    for (const { pictureUrl } of shop.products) expect(names).toContain(pictureUrl?.replace('/pictures/', ''));
    expect(await readFile(join(folder, 'mug-01.svg'), 'utf8')).toMatch(/^<svg/);
  } finally {
    await rm(folder, { recursive: true });
  }
});
