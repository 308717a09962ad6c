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
  /** What programs tell problems apart by. */
  readonly code: string | undefined;
  readonly data: unknown;

  constructor(
    message: string,
    { status, code, data }: { status?: number | undefined; code?: string | undefined; data?: unknown } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.data = data;
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

interface Call {
  readonly method?: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Asks the shop's API. What has a body is a POST unless said. @throws ShopError. */
export async function call<Reply>(path: string, { method, body, headers, signal }: Call = {}): Promise<Reply> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetch(path, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
  }).catch((error: Error) => {
    throw error.name === 'AbortError' ? error : new ShopError('The shop cannot be reached just now.');
  });
  if (response.status === 204) return undefined as Reply;
  if (response.ok) return response.json() as Promise<Reply>;
  const problem = (await response.json().catch(() => ({}))) as { title?: string; code?: string; data?: unknown };
  throw new ShopError(problem.title ?? `The shop answered ${response.status}.`, {
    ...problem,
    status: response.status,
  });
}
