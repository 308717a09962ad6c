import { computed, effect, signal } from '@preact/signals';
import { type Person, type Product, record } from './api.ts';
import { deeds, tell } from './deeds.ts';
import { majorUnits } from './money.ts';
import { stored } from './stored.ts';

/** Where an item was seen: carried with what is done to it, so that it can be credited. */
export interface Origin {
  readonly decisionId: string;
  readonly slot: number;
}

export interface BasketLine {
  readonly product: Product;
  readonly quantity: number;
  readonly origin?: Origin;
}

export const guest: Person = {
  visitorId: visitorId(),
  name: 'Guest',
  about: 'Nobody knows you yet: have a look around',
};

export const people = signal<readonly Person[]>([guest]);
export const person = signal<Person>(guest);

const baskets = signal<Readonly<Record<string, readonly BasketLine[]>>>(stored('baskets', {}));
export const basket = computed(() => baskets.value[keyOf(person.value)] ?? []);
export const basketCount = computed(() => basket.value.reduce((sum, { quantity }) => sum + quantity, 0));

/** Where the shopper came to a product from: what is done on its page is credited to that row. */
const origins = new Map<string, Origin>();

/** Said aloud to screen readers, and shown for a moment. */
export const notice = signal('');

effect(() => localStorage.setItem('baskets', JSON.stringify(baskets.value)));

/** The body's part that says who asks. */
export function who({ userId, visitorId }: Person): { userId: string } | { visitorId: string } {
  return userId === undefined ? { visitorId: visitorId ?? '' } : { userId };
}

export function keyOf({ userId, visitorId }: Person): string {
  return userId ?? `visitor ${visitorId}`;
}

export function did(kind: 'view' | 'click' | 'cart-add', itemId: string, origin = origins.get(itemId)): void {
  if (kind === 'click' && origin) origins.set(itemId, origin);
  void tell([{ id: crypto.randomUUID(), kind, itemId, ...who(person.value), ...origin }]);
}

export function putInBasket(product: Product, origin = origins.get(product.id)): void {
  const line = basket.value.find((one) => one.product.id === product.id);
  if (line) setQuantity(product.id, line.quantity + 1);
  else setLines([...basket.value, { product, quantity: 1, ...(origin && { origin }) }]);
  notice.value = `${product.title} is in your basket`;
  did('cart-add', product.id, origin);
}

export function setQuantity(id: string, quantity: number): void {
  setLines(basket.value.flatMap((line) => (line.product.id !== id ? line : quantity > 0 ? { ...line, quantity } : [])));
}

let order = { lines: basket.value, basketId: crypto.randomUUID() };

/** Stands for a checkout: everything in the basket is bought at once. Tried again after a failure, it is the same order. */
export async function buy(): Promise<void> {
  if (order.lines !== basket.value) order = { lines: basket.value, basketId: crypto.randomUUID() };
  const { lines, basketId } = order;
  await record(
    lines.map(({ product, quantity, origin }, place) => ({
      id: `${basketId}-${place}`,
      kind: 'purchase',
      itemId: product.id,
      quantity,
      value: majorUnits(product.price) * quantity,
      basketId,
      ...who(person.value),
      ...origin,
    })),
  );
  setLines([]);
  deeds.value++;
}

function setLines(lines: readonly BasketLine[]): void {
  baskets.value = { ...baskets.value, [keyOf(person.value)]: lines };
}

function visitorId(): string {
  const id = localStorage.getItem('visitor') ?? crypto.randomUUID();
  localStorage.setItem('visitor', id);
  return id;
}
