import { describe, expect, it } from 'vitest';
import type { Interaction } from '../../services/recommender/contract.ts';
import { startShoppers } from './live-shoppers.ts';
import { makeShop, type Shop } from './shop.ts';
import { shopperNames } from './shopper-names.ts';
import type { ShopClients } from './stock-shop.ts';
import { preference } from './tastes.ts';

const nowMs = Date.UTC(2026, 4, 1);
const shop = makeShop(3, { nowMs, shopperCount: 60 });

/** A shop whose shelves are fixed: what comes back shows what the shoppers do. */
function shelves(order: (shop: Shop, userId: string) => readonly string[]) {
  const seen: Interaction[] = [];
  const slate = (userId: string | undefined, k = 20) => {
    const itemIds = order(shop, userId ?? '').slice(0, k);
    const reason = { kind: 'popular' as const, text: '' };
    const items = itemIds.map((itemId, index) => ({ itemId, score: -index, reason }));
    return Promise.resolve({ decisionId: `d-${seen.length}`, version: 'v1', degraded: false, items });
  };
  const clients = {
    recommender: {
      forYou: ({ body }: { body: { userId?: string; k?: number } }) => slate(body.userId, body.k),
      goesWith: ({ body }: { body: { userId?: string; k?: number } }) => slate(body.userId, body.k),
      recordInteractions: ({ body }: { body: { interactions: unknown[] } }) => {
        seen.push(...(body.interactions as Interaction[]));
        return Promise.resolve({ accepted: 1, duplicates: 0, refused: [] });
      },
    },
    catalog: {
      getProduct: ({ params }: { params: { id: string } }) =>
        Promise.resolve(shop.products.find(({ id }) => id === params.id)),
    },
  } as unknown as ShopClients;
  return { seen, clients };
}

async function visits(count: number, { clients }: { clients: ShopClients }, seed = 1) {
  const stop = new AbortController();
  const shoppers = startShoppers({
    shop,
    ...clients,
    rate: 5,
    seed,
    signal: stop.signal,
    clock: () => nowMs,
    pause: () => {
      if (shoppers.counts.visits >= count) stop.abort();
      return Promise.resolve();
    },
  });
  await shoppers.done;
  return shoppers.counts;
}

const asListed = (of: Shop) => of.products.map(({ id }) => id);

describe('live shoppers', () => {
  it('do the same for the same seed and answers', async () => {
    const [one, two, other] = [shelves(asListed), shelves(asListed), shelves(asListed)];
    await visits(50, one);
    await visits(50, two);
    await visits(50, other, 2);
    expect(one.seen.length).toBeGreaterThan(20);
    expect(one.seen).toEqual(two.seen);
    expect(one.seen).not.toEqual(other.seen);
  });

  it('send back the decision and slot that a click came from, up to the purchase', async () => {
    const shelf = shelves(asListed);
    const counts = await visits(300, shelf);
    const clicks = shelf.seen.filter(({ kind }) => kind === 'click');
    expect(clicks.length).toBe(counts.clicks);
    expect(counts.failures).toBe(0);
    for (const { decisionId, slot, itemId } of clicks) {
      expect(decisionId).toMatch(/^d-/);
      expect(asListed(shop)[slot ?? -1]).toBe(itemId);
    }
    const bought = shelf.seen.filter(({ kind, decisionId }) => kind === 'purchase' && decisionId !== undefined);
    expect(bought.length).toBeGreaterThan(0);
    expect(new Set(shelf.seen.map(({ id }) => id)).size).toBe(shelf.seen.length);
  });

  it('click more on what fits their taste', async () => {
    const [plain, fitting] = [shelves(asListed), shelves(byTaste)];
    const [before, after] = [await visits(300, plain), await visits(300, fitting)];
    expect(after.clicks / after.shown).toBeGreaterThan(2 * (before.clicks / before.shown));
  });

  it('leave the named shoppers to the people who play them', async () => {
    const shelf = shelves(asListed);
    await visits(100, shelf);
    const named = new Set<string>(shopperNames.map(({ userId }) => userId));
    expect(shelf.seen.filter(({ userId = '' }) => named.has(userId))).toEqual([]);
  });

  it('go on when the shop does not answer', async () => {
    const { clients } = shelves(asListed);
    const closed = {
      ...clients,
      recommender: { ...clients.recommender, forYou: () => Promise.reject(new Error('closed')) },
    };
    expect(await visits(5, { clients: closed })).toMatchObject({ visits: 5, failures: 5 });
  });
});

function byTaste(of: Shop, userId: string): string[] {
  const shopper = of.shoppers.find((each) => each.userId === userId);
  if (!shopper) throw new Error(`No shopper ${userId}`);
  return [...of.items].sort((a, b) => preference(shopper, b) - preference(shopper, a)).map(({ product }) => product.id);
}
