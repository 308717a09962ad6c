import type { ClientOf } from 'relearn';
import type { Interaction, recommenderContract } from '../../services/recommender/contract.ts';
import type { catalogContract, Product } from '../catalog/contract.ts';

export type CatalogClient = ClientOf<typeof catalogContract>;
export type RecommenderClient = ClientOf<typeof recommenderContract>;

/** A product as the catalog takes it in. */
export type ImportedProduct = { readonly id: string } & Partial<Product> & Pick<Product, 'title' | 'price'>;

/** How an import is followed and ended. */
export interface ImportOptions {
  /** Called once all is checked and after each batch, with the share of the writing that is done, 0 to 1. */
  readonly progress?: (share: number, note: string) => void;
  /** Ends the import between two batches; it can be taken up again by repeating it. */
  readonly signal?: AbortSignal;
}

export const BATCH_ROWS = 10_000;
const TIMEOUT_MS = 120_000;

export async function writeProducts(
  catalog: CatalogClient,
  products: readonly ImportedProduct[],
): Promise<{ created: number; changed: number; unchanged: number }> {
  const reply = await catalog.upsertProducts({ body: { products: [...products] } }, { timeoutMs: TIMEOUT_MS });
  refuseNone('catalog', reply.refused);
  return reply;
}

export async function writeInteractions(
  recommender: RecommenderClient,
  interactions: readonly Interaction[],
): Promise<{ accepted: number; duplicates: number }> {
  const body = { interactions: [...interactions] };
  const reply = await recommender.recordInteractions({ body }, { timeoutMs: TIMEOUT_MS });
  refuseNone('recommender', reply.refused);
  return reply;
}

/** Slices of at most 10,000, in order. */
export function* batchesOf<T>(rows: readonly T[]): Generator<T[]> {
  for (let from = 0; from < rows.length; from += BATCH_ROWS) yield rows.slice(from, from + BATCH_ROWS);
}

function refuseNone(by: string, refused: readonly { readonly index: number; readonly reason: string }[]): void {
  const [first] = refused;
  if (first)
    throw new Error(
      `The ${by} refused ${refused.length} rows that had been checked, the first because: ${first.reason}`,
    );
}
