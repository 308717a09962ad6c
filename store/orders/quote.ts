import { type ClientOf, ProblemError, type RequestOf } from 'relearn';
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
import type { PlacedOrder } from './order-record.ts';
import { priceLines } from './price-lines.ts';
import { type TotalsFault, totals } from './totals.ts';

type PlaceOrder = RequestOf<(typeof ordersContract)['operations']['placeOrder']>['body'];

const refusals: Record<TotalsFault, typeof totalTooLarge> = {
  'country-not-served': countryNotServed,
  'currency-not-served': currencyNotServed,
  'currencies-mixed': currencyNotServed,
  'total-too-large': totalTooLarge,
};

/** What an order is to be kept as: the catalog's prices of now, which have to be those that were seen. @throws ProblemError why it cannot be sold. */
export async function quote(
  { lines: wanted, email, address }: PlaceOrder,
  {
    catalog,
    signal,
    paymentDueAtMs,
  }: {
    catalog: ClientOf<typeof catalogContract>;
    signal: AbortSignal;
    paymentDueAtMs: number;
  },
): Promise<PlacedOrder> {
  const ids = Array.from(new Set(wanted.map(({ productId }) => productId)));
  const { products } = await answered(catalog.getProducts({ body: { ids } }, { signal }));
  const priced = priceLines(wanted, products);
  if ('unavailable' in priced) throw new ProblemError(productUnavailable, { data: { lines: priced.unavailable } });
  if ('changed' in priced) throw new ProblemError(priceChanged, { data: { lines: priced.changed } });
  const sum = totals(priced.lines, address.country);
  if (typeof sum === 'string') throw new ProblemError(refusals[sum]);
  return { lines: priced.lines, totals: sum, email, address, paymentDueAtMs };
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
