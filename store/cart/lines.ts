import { type Money, QUANTITY_MAX } from './contract.ts';

/** A line as kept, with the product as it was last seen. */
export interface KeptLine {
  readonly productId: string;
  readonly quantity: number;
  readonly title: string;
  readonly pictureUrl: string | null;
  /** The price that the shopper knows of. */
  readonly seenPrice: Money;
  readonly decisionId?: string;
  readonly slot?: number;
}

export type Lines = readonly KeptLine[];

/** With the pieces added; the recommendation that was followed last counts, and one that was followed is not forgotten for none. */
export function withAdded(lines: Lines, added: KeptLine): Lines {
  const known = lines.find(({ productId }) => productId === added.productId);
  if (known === undefined) return [...lines, added];
  const joined = { ...known, ...added, quantity: Math.min(QUANTITY_MAX, known.quantity + added.quantity) };
  return lines.map((line) => (line === known ? joined : line));
}

export function withQuantity(lines: Lines, productId: string, quantity: number): Lines {
  return lines.map((line) => (line.productId === productId ? { ...line, quantity } : line));
}

export function without(lines: Lines, productId: string): Lines {
  return lines.filter((line) => line.productId !== productId);
}

/** A guest's lines joined to a shopper's: nothing of either is lost. */
export function joined(shoppers: Lines, guests: Lines): Lines {
  return guests.reduce(withAdded, shoppers);
}

/** What is left once some of it was ordered. */
export function withoutOrdered(
  lines: Lines,
  ordered: readonly { readonly productId: string; readonly quantity: number }[],
): Lines {
  const taken = new Map<string, number>();
  for (const { productId, quantity } of ordered) taken.set(productId, (taken.get(productId) ?? 0) + quantity);
  return lines
    .map((line) => ({ ...line, quantity: line.quantity - (taken.get(line.productId) ?? 0) }))
    .filter(({ quantity }) => quantity > 0);
}

/** With prices that the shopper has agreed to. */
export function withSeenPrices(
  lines: Lines,
  seen: readonly { readonly productId: string; readonly unitPrice: Money }[],
): Lines {
  const prices = new Map(seen.map(({ productId, unitPrice }) => [productId, unitPrice]));
  return lines.map((line) => ({ ...line, seenPrice: prices.get(line.productId) ?? line.seenPrice }));
}

export function isSamePrice(one: Money, other: Money): boolean {
  return one.amountMinor === other.amountMinor && one.currency === other.currency;
}
