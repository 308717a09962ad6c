import type { Interaction, Slate } from '../../../services/recommender/contract.ts';
import type { Product } from '../../catalog/contract.ts';

export type { Product, Slate };
export type Surface = 'for-you' | 'similar-to' | 'goes-with' | 'popular' | 'buy-again';
export type SlateItem = Slate['items'][number];
export type Facet = { readonly value: string; readonly count: number };

export interface SearchResult {
  readonly products: readonly Product[];
  readonly total: number;
  readonly facets: { readonly categories: readonly Facet[]; readonly tags: readonly Facet[] };
  readonly correctedQuery: string | null;
}

const TIMEOUT_MS = 8_000;

/** A request that the shop could not answer; its message can be shown. */
export class ShopError extends Error {
  override readonly name = 'ShopError';
  /** Of the reply; undefined where there was none. */
  readonly status: number | undefined;

  constructor(message: string, status?: number) {
    super(message);
    this.status = status;
  }

  /** Whether the same request may be answered later. */
  get isPassing(): boolean {
    return this.status === undefined || this.status >= 500 || this.status === 408 || this.status === 429;
  }
}

export function askSlate(surface: Surface, body: object, signal: AbortSignal): Promise<Slate> {
  return call(`/api/recommender/${surface}`, { body, signal });
}

export async function record(interactions: readonly Interaction[]): Promise<void> {
  await call('/api/recommender/interactions', { body: { interactions } });
}

export function search(query: URLSearchParams, signal: AbortSignal): Promise<SearchResult> {
  return call(`/api/catalog/search?${query}`, { signal });
}

export async function listCategories(signal: AbortSignal): Promise<readonly Facet[]> {
  return (await call<{ categories: Facet[] }>('/api/catalog/categories', { signal })).categories;
}

export async function listProducts(category: string, signal: AbortSignal): Promise<readonly Product[]> {
  const query = new URLSearchParams({ category, limit: '60' });
  return (await call<{ products: Product[] }>(`/api/catalog/products?${query}`, { signal })).products;
}

const known = new Map<string, Product>();

/** Products by id, in that order; those the catalog does not have are left out. */
export async function productsOf(ids: readonly string[], signal: AbortSignal): Promise<Product[]> {
  const missing = ids.filter((id) => !known.has(id));
  if (missing.length > 0) {
    const { products } = await call<{ products: Product[] }>('/api/catalog/products/lookup', {
      body: { ids: missing },
      signal,
    });
    for (const product of products) known.set(product.id, product);
  }
  return ids.flatMap((id) => known.get(id) ?? []);
}

export interface Person {
  readonly userId?: string;
  readonly visitorId?: string;
  readonly name: string;
  readonly about: string;
}

/** Who can be played: the made-up shop's people, or the users seen last. */
export async function listPeople(signal: AbortSignal): Promise<Person[]> {
  const response = await fetch('/shop/shoppers.json', { signal });
  if (response.ok) {
    const { shoppers } = (await response.json()) as {
      shoppers: { userId: string; name: string; personality: string }[];
    };
    return shoppers.map(({ userId, name, personality }) => ({ userId, name, about: personality }));
  }
  const { users } = await call<{ users: { userId: string; interactions: number }[] }>(
    '/api/recommender/users?limit=8',
    { signal },
  );
  return users.map(({ userId, interactions }) => ({
    userId,
    name: `Customer ${userId}`,
    about: `${interactions} things done here`,
  }));
}

async function call<Reply>(
  path: string,
  { body, signal }: { body?: object; signal?: AbortSignal } = {},
): Promise<Reply> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetch(path, {
    ...(body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
  }).catch((error: Error) => {
    throw error.name === 'AbortError' ? error : new ShopError('The shop cannot be reached just now.');
  });
  if (response.ok) return response.json() as Promise<Reply>;
  const problem = (await response.json().catch(() => ({}))) as { title?: string };
  throw new ShopError(problem.title ?? `The shop answered ${response.status}.`, response.status);
}
