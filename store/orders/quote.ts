import { type ClientOf, ProblemError, type ReplyOf, type RequestOf } from 'relearn';
import type { catalogContract } from '../catalog/contract.ts';
import {
  countryNotServed,
  currencyNotServed,
  dependencyUnavailable,
  type ordersContract,
  priceChanged,
  productUnavailable,
  totalTooLarge,
} from './contract.ts';
import { priceLines } from './price-lines.ts';
import { type TotalsFault, totals } from './totals.ts';

type PlaceOrder = RequestOf<(typeof ordersContract)['operations']['placeOrder']>['body'];
type Quote = ReplyOf<(typeof ordersContract)['operations']['quoteOrder']>;

const refusals: Record<TotalsFault, typeof totalTooLarge> = {
  'country-not-served': countryNotServed,
  'currency-not-served': currencyNotServed,
  'currencies-mixed': currencyNotServed,
  'total-too-large': totalTooLarge,
};

/** The lines at the catalog's prices of now, which have to be those that were seen, and what they come to. @throws ProblemError why they cannot be sold. */
export async function quote(
  { lines: wanted, country }: { readonly lines: PlaceOrder['lines']; readonly country: string },
  { catalog, signal }: { readonly catalog: ClientOf<typeof catalogContract>; readonly signal: AbortSignal },
): Promise<Quote> {
  const ids = Array.from(new Set(wanted.map(({ productId }) => productId)));
  const { products } = await answered(catalog.getProducts({ body: { ids } }, { signal }));
  const priced = priceLines(wanted, products);
  if ('unavailable' in priced) throw new ProblemError(productUnavailable, { data: { lines: priced.unavailable } });
  if ('changed' in priced) throw new ProblemError(priceChanged, { data: { lines: priced.changed } });
  const sum = totals(priced.lines, country);
  if (typeof sum === 'string') throw new ProblemError(refusals[sum]);
  return { lines: [...priced.lines], totals: sum };
}

/** A fault of another service is no fault of ours: it is told as what it is. @throws ProblemError `orders.dependency-unavailable`. */
export async function answered<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof ProblemError) || error.status < 500) throw error;
    throw new ProblemError(dependencyUnavailable, { detail: error.message, cause: error });
  }
}
