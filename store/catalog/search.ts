import type { Store } from 'relearn';
import type { Product } from './contract.ts';
import { matchAll, matchWord, searchWords } from './search-words.ts';
import { closestWord } from './spelling.ts';
import { type FacetCount, matchesAny, type SearchFilters, searchProducts, vocabulary } from './store.ts';

export interface SearchResult {
  readonly products: Product[];
  readonly total: number;
  readonly facets: { readonly categories: FacetCount[]; readonly tags: FacetCount[] };
  readonly correctedQuery: string | null;
}

/**
 * Searches for products that have every word. When a word is in no product, the closest word of the shop stands in for it, or
 * it is left out when nothing is close; `correctedQuery` then says what was searched for.
 */
export async function search(
  store: Store,
  query: { readonly text: string; readonly limit: number; readonly offset: number } & SearchFilters,
): Promise<SearchResult> {
  const typed = searchWords(query.text);
  const words = await knownWords(store, typed);
  const corrected = words.join(' ') === typed.join(' ') ? null : words.join(' ');
  if (words.length === 0) {
    return { products: [], total: 0, facets: { categories: [], tags: [] }, correctedQuery: null };
  }
  const { products, total, categories, tags } = await searchProducts(store, matchAll(words), query, query);
  return { products, total, facets: { categories, tags }, correctedQuery: corrected };
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
