import type { Store } from 'relearn';
import type { ItemContent } from 'relearn/models';
import type { Names } from './names.ts';

/** What the recommender knows of a product; undefined fields are unknown, and filter nothing. */
export interface ShelfProduct {
  readonly title: string;
  readonly categories: readonly string[];
  readonly tags: readonly string[];
  readonly priceMinor: number;
  readonly inStock: boolean;
  readonly active: boolean;
}

export interface ItemFilter {
  readonly categories?: readonly string[];
  readonly priceMinMinor?: number;
  readonly priceMaxMinor?: number;
  readonly inStock?: boolean;
}

/** How stale the shelf may be, ms: products change by events, which take their time anyway. */
const STALE_MS_MAX = 200;

/** Masks kept for filters that come again and again. */
const MASKS_MAX = 64;

/** Products by the numbers of their items, read again as they change. */
export class ProductShelf {
  readonly #store: Store;
  readonly #items: Names;
  readonly #clock: () => number;
  #products: (ShelfProduct | undefined)[] = [];
  readonly #masks = new Map<string, Uint8Array>();
  #change = 0;
  #readAtMs = Number.NEGATIVE_INFINITY;
  #revision = 0;

  constructor(store: Store, items: Names, clock: () => number) {
    this.#store = store;
    this.#items = items;
    this.#clock = clock;
  }

  /** Grows with each change that was read; what is derived from the shelf is as old as this says. */
  get revision(): number {
    return this.#revision;
  }

  /** By item. */
  get products(): readonly (ShelfProduct | undefined)[] {
    return this.#products;
  }

  productOf(item: number): ShelfProduct | undefined {
    return this.#products[item];
  }

  /** Numbers of the items that have a product. */
  *numbers(): Generator<number> {
    for (const [item, product] of this.#products.entries()) if (product) yield item;
  }

  /** Whether some time has passed since it was read. */
  isStale(): boolean {
    const ageMs = this.#clock() - this.#readAtMs;
    return ageMs < 0 || ageMs >= STALE_MS_MAX;
  }

  /** Reads what has changed. */
  async refresh(): Promise<void> {
    this.#readAtMs = this.#clock();
    const rows = await this.#store
      .prepare<ProductRow>('SELECT * FROM products WHERE change > ? ORDER BY change')
      .all(this.#change);
    if (rows.length === 0) return;
    for (const row of rows) this.#products[this.#items.intern(row.item)] = productOf(row);
    this.#change = rows.at(-1)!.change;
    this.#revision++;
    this.#masks.clear();
  }

  /** One byte an item: 1 where the filter lets it pass. Retired items never pass, items without a known product pass an empty filter alone. */
  allowed(filter: ItemFilter): Uint8Array {
    const key = `${this.#items.count} ${keyOf(filter)}`;
    const known = this.#masks.get(key);
    if (known) return known;
    if (this.#masks.size >= MASKS_MAX) this.#masks.clear();
    const mask = new Uint8Array(this.#items.count);
    const passes = passing(filter);
    for (let item = 0; item < mask.length; item++) mask[item] = passes(this.#products[item]) ? 1 : 0;
    this.#masks.set(key, mask);
    return mask;
  }
}

/** A product as it lies in the store. */
export interface ProductRow {
  item: string;
  change: number;
  title: string;
  categories: string;
  tags: string;
  price_minor: number;
  in_stock: number;
  active: number;
}

export function productOf(row: ProductRow): ShelfProduct {
  return Object.freeze({
    title: row.title,
    categories: JSON.parse(row.categories) as string[],
    tags: JSON.parse(row.tags) as string[],
    priceMinor: row.price_minor,
    inStock: row.in_stock === 1,
    active: row.active === 1,
  });
}

/** What a product says of itself. */
export function contentOf({
  title,
  categories,
  tags,
}: Pick<ShelfProduct, 'title' | 'categories' | 'tags'>): ItemContent {
  const attributes = [...categories.map((category) => `category ${category}`), ...tags.map((tag) => `tag ${tag}`)];
  return { text: title, attributes };
}

/** Filters of one key let the same products pass. */
function keyOf({ categories, priceMinMinor, priceMaxMinor, inStock }: ItemFilter): string {
  return `${priceMinMinor} ${priceMaxMinor} ${inStock} ${categories && JSON.stringify(categories)}`;
}

function passing({ categories, priceMinMinor = 0, priceMaxMinor = Number.POSITIVE_INFINITY, inStock }: ItemFilter) {
  const wanted = categories && new Set(categories);
  const isEmpty = !wanted && priceMinMinor === 0 && priceMaxMinor === Number.POSITIVE_INFINITY && !inStock;
  return (product: ShelfProduct | undefined): boolean => {
    if (!product) return isEmpty;
    const { active, priceMinor } = product;
    if (!active || priceMinor < priceMinMinor || priceMinor > priceMaxMinor || (inStock && !product.inStock))
      return false;
    return !wanted || product.categories.some((category) => wanted.has(category));
  };
}
