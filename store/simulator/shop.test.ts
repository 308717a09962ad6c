import { describe, expect, it } from 'vitest';
import { drawPicture } from './pictures/draw-picture.ts';
import { makeShop } from './shop.ts';
import { shopperNames } from './shopper-names.ts';
import { preference } from './tastes.ts';

const nowMs = Date.UTC(2026, 4, 1);
const shop = makeShop(7, { nowMs });

describe('the made-up shop', () => {
  it('is the same for the same seed, and another for another', () => {
    const [one, same, other] = [7, 7, 8].map((seed) => makeShop(seed, { nowMs, shopperCount: 30 }));
    expect(one?.products).toEqual(same?.products);
    expect(one?.interactions).toEqual(same?.interactions);
    expect(one?.interactions.map(({ itemId }) => itemId)).not.toEqual(other?.interactions.map(({ itemId }) => itemId));
  });

  it('sells over 300 products in 12 categories, each with its own id, title and a price', () => {
    expect(shop.products.length).toBeGreaterThanOrEqual(300);
    expect(new Set(shop.products.flatMap(({ categories }) => categories)).size).toBe(12);
    expect(new Set(shop.products.map(({ id }) => id)).size).toBe(shop.products.length);
    expect(new Set(shop.products.map(({ title }) => title)).size).toBe(shop.products.length);
    for (const { price } of shop.products) expect(price.amountMinor).toBeGreaterThan(300);
  });

  it('has 2,000 shoppers, the named ones first, and 60,000 interactions or more within two months', () => {
    const ids = new Set(shop.shoppers.map(({ userId }) => userId));
    expect(ids.size).toBe(2000);
    expect(shop.shoppers.slice(0, shopperNames.length).map(({ userId }) => userId)).toEqual(
      shopperNames.map(({ userId }) => userId),
    );
    expect(shop.interactions.length).toBeGreaterThan(60_000);
    for (const { atMs = 0 } of shop.interactions) {
      expect(atMs).toBeGreaterThanOrEqual(nowMs - 60 * 86_400_000);
      expect(atMs).toBeLessThan(nowMs);
    }
    expect(new Set(shop.interactions.map(({ id }) => id)).size).toBe(shop.interactions.length);
  });

  it('buys a product and what goes with it in one basket far more often than by chance', () => {
    const baskets = new Map<string, string[]>();
    for (const { basketId, itemId } of shop.interactions) {
      if (basketId !== undefined) baskets.set(basketId, [...(baskets.get(basketId) ?? []), itemId]);
    }
    let together = 0;
    let pairs = 0;
    for (const items of baskets.values()) {
      for (const item of items) {
        const companions = new Set(shop.companions.get(item)?.map(({ product }) => product.id));
        pairs += items.length - 1;
        together += items.filter((other) => companions.has(other)).length;
      }
    }
    const byChance = 2 / shop.products.length;
    expect(together / pairs).toBeGreaterThan(10 * byChance);
  });

  it('buys by hidden taste: who knows it foretells purchases far better than popularity', () => {
    const heldOutFromMs = nowMs - 14 * 86_400_000;
    const sold = new Map<string, number>();
    const heldOut = new Map<string, Set<string>>();
    for (const { kind, userId = '', itemId, atMs } of shop.interactions) {
      if (kind !== 'purchase') continue;
      if ((atMs ?? 0) < heldOutFromMs) sold.set(itemId, (sold.get(itemId) ?? 0) + 1);
      else heldOut.set(userId, (heldOut.get(userId) ?? new Set()).add(itemId));
    }
    const byPopularity = topIds((itemId) => sold.get(itemId) ?? 0);
    let popularity = 0;
    let oracle = 0;
    for (const shopper of shop.shoppers) {
      const bought = heldOut.get(shopper.userId);
      if (!bought) continue;
      const tastes = new Map(shop.items.map((item) => [item.product.id, preference(shopper, item)]));
      popularity += recall(byPopularity, bought);
      oracle += recall(
        topIds((itemId) => tastes.get(itemId) ?? 0),
        bought,
      );
    }
    expect(oracle).toBeGreaterThan(2 * popularity);
  });
});

describe('a picture', () => {
  it('is drawn for every product, in its colour, as one well-formed SVG element', () => {
    for (const product of shop.products) {
      const svg = drawPicture(product);
      expect(svg).toMatch(/^<svg [^>]*><title>.*<\/svg>$/);
      expect(svg).not.toMatch(/undefined|NaN/);
      expect(svg.match(/<g[ >]/g)?.length ?? 0).toBe(svg.match(/<\/g>/g)?.length ?? 0);
    }
  });

  it('is refused for a kind that nobody drew', () => {
    expect(() => drawPicture({ id: 'x', title: 'x', attributes: { kind: 'Sofa' } })).toThrow('No drawing for x');
  });
});

function topIds(score: (itemId: string) => number): Set<string> {
  const ids = shop.products.map(({ id }) => id).sort((a, b) => score(b) - score(a));
  return new Set(ids.slice(0, 20));
}

function recall(shown: ReadonlySet<string>, bought: ReadonlySet<string>): number {
  return [...bought].filter((id) => shown.has(id)).length / bought.size;
}
