import { LRUCache } from 'lru-cache';
import type { Store } from 'relearn';
import type { Product } from './contract.ts';
import { matchAll, matchWord, searchWords } from './search-words.ts';
import { closestWord } from './spelling.ts';
import { type FacetCount, matchesAny, readProducts, type SearchFilters, searchProducts, vocabulary } from './store.ts';

export interface SearchResult {
  readonly products: Product[];
  readonly total: number;
  readonly facets: { readonly categories: FacetCount[]; readonly tags: FacetCount[] };
  readonly correctedQuery: string | null;
}

export interface SearchQuery extends SearchFilters {
  readonly text: string;
  readonly limit: number;
  readonly offset: number;
}

/** What was found, without what changes with each order. */
interface Found extends Omit<SearchResult, 'products'> {
  readonly ids: readonly string[];
}

const REMEMBERED_MAX = 1_000;

/**
 * Searches for products that have every word. When a word is in no product, the closest word of the shop stands in for it, or
 * it is left out when nothing is close; `correctedQuery` then says what was searched for.
 *
 * What was found for a query is remembered until a product is written; its products are read anew each time, for their stock. A search within what is
 * in stock is not remembered: stock changes with every order.
 */
export class Search {
  readonly #store: Store;
  readonly #found = new LRUCache<string, Found>({ max: REMEMBERED_MAX });
  #writes = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Forgets what was found; called once products have been written. */
  productsWritten(): void {
    this.#writes++;
    this.#found.clear();
  }

  async for(query: SearchQuery): Promise<SearchResult> {
    const key = JSON.stringify(query);
    const { ids, ...rest } = this.#found.get(key) ?? (await this.#find(key, query));
    return { ...rest, products: await readProducts(this.#store, ids) };
  }

  async #find(key: string, query: SearchQuery): Promise<Found> {
    const writes = this.#writes;
    const found = await find(this.#store, query);
    if (query.inStock === undefined && writes === this.#writes) this.#found.set(key, found);
    return found;
  }
}

async function find(store: Store, query: SearchQuery): Promise<Found> {
  const typed = searchWords(query.text);
  const words = await knownWords(store, typed);
  const correctedQuery = words.join(' ') === typed.join(' ') ? null : words.join(' ');
  if (words.length === 0) return { ids: [], total: 0, facets: { categories: [], tags: [] }, correctedQuery: null };
  const { ids, total, categories, tags } = await searchProducts(store, matchAll(words), query, query);
  return { ids, total, facets: { categories, tags }, correctedQuery };
}

async function knownWords(store: Store, typed: readonly string[]): Promise<string[]> {
  const words: string[] = [];
  for (const [index, word] of typed.entries()) {
    const isKnown = await matchesAny(store, matchWord(word, index === typed.length - 1));
    const used = isKnown ? word : closestWord(word, await vocabulary(store, word.length - 2, word.length + 2));
    if (used !== undefined) words.push(used);
  }
  return words;
}
