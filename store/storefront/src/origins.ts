import { tell } from './deeds.ts';

/** Where an item was seen: carried with what is done to it, so that it can be credited. */
export interface Origin {
  readonly decisionId: string;
  readonly slot: number;
}

/** Where the shopper came to a product from: what is done on its page is credited to that row. */
const origins = new Map<string, Origin>();

export function originOf(productId: string): Origin | undefined {
  return origins.get(productId);
}

export function did(
  kind: 'impression' | 'view' | 'click' | 'cart-add',
  itemId: string,
  origin: Origin | undefined = originOf(itemId),
): void {
  if (kind === 'click' && origin) origins.set(itemId, origin);
  void tell([{ id: crypto.randomUUID(), kind, itemId, ...origin }]);
}
