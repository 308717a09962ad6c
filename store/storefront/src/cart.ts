import { batch, computed, effect, signal } from '@preact/signals';
import type { Cart } from '../../cart/contract.ts';
import { call, type Product, ShopError } from './api.ts';
import { notice } from './notice.ts';
import { did, type Origin, originOf } from './origins.ts';
import { personKey } from './session.ts';

export type { Cart };
export type CartLine = Cart['lines'][number];

const PATH = '/api/cart/cart';
const COUNT_MAX = 999;

/** The cart as the shop last told it; undefined until then. */
export const cart = signal<Cart | undefined>(undefined);
export const cartTrouble = signal('');
export const cartCount = computed(() => cart.value?.lines.reduce((sum, { quantity }) => sum + quantity, 0) ?? 0);

/** Changes are asked for one after another, so that answers come in order. */
let last: Promise<unknown> = Promise.resolve();

export function readCart(): Promise<void> {
  return change(() => call<Cart>(PATH));
}

export async function putInCart(product: Product, origin: Origin | undefined = originOf(product.id)): Promise<void> {
  did('cart-add', product.id, origin);
  const headers = { 'idempotency-key': crypto.randomUUID() };
  const before = cartCount.value;
  await change(() => call<Cart>(`${PATH}/lines`, { body: { productId: product.id, ...origin }, headers }));
  notice.value = cartCount.value > before ? `${product.title} is in your cart` : cartTrouble.value;
}

/** As the shopper saw it: where the cart was changed elsewhere meanwhile, it is shown as it is now instead. */
export function setQuantity(productId: string, quantity: number): Promise<void> {
  const line = `${PATH}/lines/${encodeURIComponent(productId)}`;
  if (quantity < 1) return change(() => call<Cart>(line, { method: 'DELETE' }));
  const headers = { 'if-match': `"${cart.value?.revision ?? 0}"` };
  const body = { quantity: Math.min(quantity, COUNT_MAX) };
  return change(() => call<Cart>(line, { method: 'PUT', body, headers }));
}

export function acceptPrices(lines: readonly CartLine[]): Promise<void> {
  const body = { lines: lines.map(({ productId, unitPrice }) => ({ productId, unitPrice })) };
  return change(() => call<Cart>(`${PATH}/accepted-prices`, { body }));
}

function change(ask: () => Promise<Cart>): Promise<void> {
  const changing = last.then(() => show(ask));
  last = changing.catch(() => undefined);
  return changing;
}

/** The cart that is answered, and what troubled the shopper before, appear together. */
async function show(ask: () => Promise<Cart>, trouble = ''): Promise<void> {
  try {
    const answered = await ask();
    batch(() => {
      cart.value = answered;
      cartTrouble.value = trouble;
    });
  } catch (error) {
    if (!(error instanceof ShopError)) throw error;
    if (error.status === 412) return show(() => call<Cart>(PATH), messageOf(error));
    cartTrouble.value = messageOf(error);
  }
}

function messageOf({ status, message, code, data }: ShopError): string {
  if (status === 412) return 'Your cart was changed in another window. This is how it is now.';
  if (code !== 'cart.product-unavailable') return message;
  const { available } = data as { available: number };
  return available === 0 ? 'It is sold out.' : `There are only ${available} left.`;
}

effect(() => {
  personKey();
  void readCart();
});
