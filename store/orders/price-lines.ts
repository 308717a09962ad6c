import type { Static } from 'relearn';
import type { Product } from '../catalog/contract.ts';
import type { orderLine, priceChanged, productUnavailable } from './contract.ts';

type Line = Static<typeof orderLine>;
/** A line as it was asked for, at the price that was seen. */
export type WantedLine = Omit<Line, 'title'>;

export type PricedLines =
  | { readonly lines: readonly Line[] }
  | { readonly changed: Static<NonNullable<typeof priceChanged.data>>['lines'] }
  | { readonly unavailable: Static<NonNullable<typeof productUnavailable.data>>['lines'] };

/** The lines at the catalog's prices of now, or what keeps them from being sold: a price that was seen otherwise, a product that is not there. */
export function priceLines(wanted: readonly WantedLine[], products: readonly Product[]): PricedLines {
  const sold = new Map(products.filter(({ active }) => active).map((product) => [product.id, product]));
  const asked = new Map<string, number>();
  for (const { productId, quantity } of wanted) asked.set(productId, (asked.get(productId) ?? 0) + quantity);
  const unavailable = Array.from(asked, ([productId, pieces]) => ({
    productId,
    asked: pieces,
    available: sold.get(productId)?.stock ?? 0,
  })).filter((line) => line.available < line.asked);
  if (unavailable.length > 0) return { unavailable };

  const lines = wanted.map((line) => ({ ...line, ...ofProduct(sold.get(line.productId)!) }));
  const changed = wanted.flatMap(({ productId, unitPrice: seen }, index) => {
    const now = lines[index]!.unitPrice;
    return isSame(seen, now) ? [] : [{ productId, seen, now }];
  });
  return changed.length > 0 ? { changed } : { lines };
}

function ofProduct({ title, price }: Product): Pick<Line, 'title' | 'unitPrice'> {
  return { title, unitPrice: { amountMinor: price.amountMinor, currency: price.currency } };
}

function isSame(one: Line['unitPrice'], other: Line['unitPrice']): boolean {
  return one.amountMinor === other.amountMinor && one.currency === other.currency;
}
