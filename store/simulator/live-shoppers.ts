import { setTimeout as wait } from 'node:timers/promises';
import type { Interaction, Slate } from '../../services/recommender/contract.ts';
import type { Item } from './products.ts';
import { type Random, randomFrom } from './random.ts';
import type { Shop } from './shop.ts';
import { shopperNames } from './shopper-names.ts';
import type { ShopClients } from './stock-shop.ts';
import { preference, type Shopper } from './tastes.ts';
import { wishesOf } from './wishes.ts';

const SLATE_SIZE = 12;
/** Chance to look at the next slot after each. */
const LOOKS_ON = 0.85;

export interface LiveShoppersOptions extends ShopClients {
  readonly shop: Omit<Shop, 'interactions'>;
  /** Visits a second. */
  readonly rate: number;
  readonly seed: number;
  /** Ends the visits; `done` resolves soon after. */
  readonly signal: AbortSignal;
  readonly clock: () => number;
  /** Time between two visits; real time unless a test holds it. */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** What the live shoppers did so far. */
export interface LiveCounts {
  visits: number;
  shown: number;
  clicks: number;
  purchases: number;
  /** Visits cut short because a service did not answer. */
  failures: number;
}

/**
 * Sends shoppers into the shop, one visit after the other: each asks for a slate, looks down it, clicks and buys by its hidden
 * taste, and looks at what goes with its basket. Which shopper comes and what catches the eye depends on the seed alone; what
 * is answered depends on the services. The named shoppers stay at home, for people to play.
 */
export function startShoppers(options: LiveShoppersOptions): {
  readonly counts: LiveCounts;
  readonly done: Promise<void>;
} {
  const counts: LiveCounts = { visits: 0, shown: 0, clicks: 0, purchases: 0, failures: 0 };
  return { counts, done: keepVisiting(options, counts) };
}

async function keepVisiting(options: LiveShoppersOptions, counts: LiveCounts): Promise<void> {
  const { shop, rate, seed, signal, clock, pause = realPause } = options;
  const random = randomFrom(seed);
  const walkIns = shop.shoppers.slice(shopperNames.length);
  const idPrefix = `live-${seed}-${clock()}`;
  while (!signal.aborted) {
    const shopper = random.pick(walkIns);
    const visit = new Visit(options, shopper, random, `${idPrefix}-${counts.visits}`, counts);
    counts.visits++;
    // A shop that does not answer loses the visit, not the shopper: the next one comes all the same.
    await visit.run().catch(() => counts.failures++);
    await pause((-Math.log(1 - random.unit()) * 1000) / rate, signal);
  }
}

async function realPause(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal }).catch((error: Error) => {
    if (error.name !== 'AbortError') throw error;
  });
}

/** One visit of one shopper. */
class Visit {
  readonly #options: LiveShoppersOptions;
  readonly #shopper: Shopper;
  readonly #random: Random;
  readonly #id: string;
  readonly #counts: LiveCounts;
  readonly #basket = new Map<string, Pick<Interaction, 'decisionId' | 'slot'>>();
  #sent = 0;

  constructor(options: LiveShoppersOptions, shopper: Shopper, random: Random, id: string, counts: LiveCounts) {
    this.#options = options;
    this.#shopper = shopper;
    this.#random = random;
    this.#id = id;
    this.#counts = counts;
  }

  async run(): Promise<void> {
    const { recommender, signal } = this.#options;
    const { userId } = this.#shopper;
    const body = { userId, k: SLATE_SIZE, inStock: true };
    await this.#lookDown(await recommender.forYou({ body }, { signal }));
    if (this.#basket.size === 0) await this.#browse();
    if (this.#basket.size > 0 && this.#random.chance(this.#shopper.completesShare)) {
      const basket = [...this.#basket.keys()];
      await this.#lookDown(await recommender.goesWith({ body: { ...body, basket } }, { signal }));
    }
    if (this.#random.chance(this.#shopper.buysShare)) await this.#checkout();
  }

  async #lookDown({ decisionId, items }: Slate): Promise<void> {
    const known = new Map(this.#options.shop.items.map((item) => [item.product.id, item]));
    const attraction = attractionOf(this.#shopper, this.#options.shop.items);
    for (const [slot, { itemId }] of items.entries()) {
      this.#counts.shown++;
      const item = known.get(itemId);
      if (item && this.#random.chance(attraction(item))) await this.#open(itemId, { decisionId, slot });
      if (!this.#random.chance(LOOKS_ON)) return;
    }
  }

  /** Finds something without a recommendation, as by search. */
  async #browse(): Promise<void> {
    const { shop, clock } = this.#options;
    const wished = wishesOf(this.#shopper, shop.items, shop.demand, this.#random).draw(clock());
    await this.#open(wished.product.id, {});
  }

  async #open(itemId: string, from: Pick<Interaction, 'decisionId' | 'slot'>): Promise<void> {
    const { catalog, signal } = this.#options;
    if (from.decisionId !== undefined) {
      this.#counts.clicks++;
      await this.#did({ kind: 'click', itemId, ...from });
    }
    const product = await catalog.getProduct({ params: { id: itemId } }, { signal });
    await this.#did({ kind: 'view', itemId, ...from });
    if (!product.active || product.stock === 0 || this.#basket.has(itemId) || !this.#random.chance(0.4)) return;
    this.#basket.set(itemId, from);
    await this.#did({ kind: 'cart-add', itemId, ...from });
  }

  async #checkout(): Promise<void> {
    for (const [itemId, from] of this.#basket) {
      this.#counts.purchases++;
      await this.#did({ kind: 'purchase', itemId, quantity: 1, basketId: this.#id, ...from });
    }
  }

  async #did(what: Interaction): Promise<void> {
    const { recommender, clock, signal } = this.#options;
    const interaction = { id: `${this.#id}-${this.#sent++}`, userId: this.#shopper.userId, atMs: clock(), ...what };
    await recommender.recordInteractions({ body: { interactions: [interaction] } }, { signal });
  }
}

/** Chance that an item seen is clicked: its preference against that of the shopper's twentieth favourite. */
function attractionOf(shopper: Shopper, items: readonly Item[]): (item: Item) => number {
  const favourites = items.map((item) => preference(shopper, item)).sort((a, b) => b - a);
  const loved = favourites[Math.min(19, favourites.length - 1)] ?? 1;
  return (item) => Math.min(0.6, (0.35 * preference(shopper, item)) / loved);
}
