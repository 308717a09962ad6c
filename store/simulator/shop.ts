import type { Interaction } from '../../services/recommender/contract.ts';
import { pairUp } from './companions.ts';
import { type Demand, demandOver } from './demand.ts';
import { historyOf } from './history.ts';
import { type Item, makeItems, type ShopProduct } from './products.ts';
import { randomFrom } from './random.ts';
import { makeShoppers, type Shopper } from './tastes.ts';
import { wishesOf } from './wishes.ts';

const DAY_MS = 86_400_000;

export interface ShopOptions {
  /** Where the history ends, ms since the epoch. */
  readonly nowMs: number;
  /** 2,000 unless said. */
  readonly shopperCount?: number;
  /** Length of the history; 60 unless said. */
  readonly days?: number;
}

/** A made-up shop: what it sells, who comes, and what they did. */
export interface Shop {
  readonly seed: number;
  readonly products: readonly ShopProduct[];
  readonly shoppers: readonly Shopper[];
  /** In order of time, each with an id of its own. */
  readonly interactions: readonly Interaction[];
  /** Hidden from the shop: what drives its shoppers. */
  readonly items: readonly Item[];
  readonly companions: ReadonlyMap<string, readonly Item[]>;
  readonly demand: Demand;
}

/**
 * Makes the same shop from the same seed and options: about 0.3 s for 2,000 shoppers and 100,000 interactions. Products and
 * shoppers depend on the seed alone, and ids of interactions on their order, so that a shop stocked once and made again on
 * another day goes on with the same people and is not stocked twice.
 */
export function makeShop(seed: number, { nowMs, shopperCount = 2000, days = 60 }: ShopOptions): Shop {
  const random = randomFrom(seed);
  const span = { startMs: nowMs - days * DAY_MS, endMs: nowMs };
  const items = makeItems(random);
  const companions = pairUp(items, random);
  const shoppers = makeShoppers(random, shopperCount);
  const demand = demandOver(span.startMs, span.endMs);
  const interactions = shoppers.flatMap((shopper) =>
    historyOf({ shopper, companions, random, wishes: wishesOf(shopper, items, demand, random) }, span),
  );
  return {
    seed,
    products: items.map(({ product }) => product),
    shoppers,
    interactions: numbered(interactions, seed),
    items,
    companions,
    demand,
  };
}

function numbered(interactions: Interaction[], seed: number): Interaction[] {
  interactions.sort((a, b) => (a.atMs ?? 0) - (b.atMs ?? 0));
  return interactions.map((interaction, index) => ({ id: `shop-${seed}-${index}`, ...interaction }));
}
