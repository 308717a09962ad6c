import type { ClientOf } from 'relearn';
import type { recommenderContract } from '../../services/recommender/contract.ts';
import type { catalogContract } from '../catalog/contract.ts';
import type { Shop } from './shop.ts';

/** Rows sent at a time: few enough that a process does not grow for them. */
const BATCH = 2_000;
const TIMEOUT_MS = 60_000;

export interface ShopClients {
  readonly catalog: ClientOf<typeof catalogContract>;
  readonly recommender: ClientOf<typeof recommenderContract>;
}

/**
 * Fills catalog and recommender with a shop's products and history. Every product and interaction has an id, so that doing it
 * again writes nothing twice. @throws Error when a service refuses any of it.
 */
export async function stockShop(
  shop: Pick<Shop, 'products' | 'interactions'>,
  { catalog, recommender }: ShopClients,
  signal?: AbortSignal,
): Promise<void> {
  const options = { timeoutMs: TIMEOUT_MS, ...(signal && { signal }) };
  for (const products of batches(shop.products)) {
    const { refused } = await catalog.upsertProducts({ body: { products } }, options);
    refuseNone(refused);
  }
  for (const interactions of batches(shop.interactions)) {
    const { refused } = await recommender.recordInteractions({ body: { interactions } }, options);
    refuseNone(refused);
  }
}

function* batches<T>(rows: readonly T[]): Generator<T[]> {
  for (let from = 0; from < rows.length; from += BATCH) yield rows.slice(from, from + BATCH);
}

function refuseNone(refused: readonly { readonly index: number; readonly reason: string }[]): void {
  const [first] = refused;
  if (first)
    throw new Error(`${refused.length} rows of the made-up shop were refused, the first because: ${first.reason}`);
}
