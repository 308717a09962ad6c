import type { OrderSummary, OrderView } from '../../orders/contract.ts';
import type { Address } from '../../users/contract.ts';
import { call } from './api.ts';
import type { CartLine } from './cart.ts';

export type { OrderSummary, OrderView };
export type Totals = OrderView['totals'];

interface WantedOrder {
  readonly lines: readonly CartLine[];
  readonly email: string;
  readonly address: Address;
}

const wanted = (lines: readonly CartLine[]) =>
  lines.map(({ productId, quantity, unitPrice, decisionId, slot }) => ({
    productId,
    quantity,
    unitPrice,
    ...(decisionId !== undefined && { decisionId }),
    ...(slot !== undefined && { slot }),
  }));

export async function quote(lines: readonly CartLine[], country: string, signal: AbortSignal): Promise<Totals> {
  const body = { lines: wanted(lines), country };
  return (await call<{ totals: Totals }>('/api/orders/quotes', { body, signal })).totals;
}

/** Asked again with the same key, it is the same order. */
export function place({ lines, email, address }: WantedOrder, key: string): Promise<OrderView> {
  const body = { lines: wanted(lines), email, address };
  return call('/api/orders/orders', { body, headers: { 'idempotency-key': key } });
}

export async function listCountries(signal: AbortSignal): Promise<readonly string[]> {
  return (await call<{ countries: string[] }>('/api/orders/countries', { signal })).countries;
}

export async function listOrders(signal: AbortSignal): Promise<readonly OrderSummary[]> {
  return (await call<{ orders: OrderSummary[] }>('/api/orders/orders?limit=50', { signal })).orders;
}

export function cancelOrder(id: string): Promise<OrderView> {
  return call(`/api/orders/orders/${encodeURIComponent(id)}/cancel`, { method: 'POST' });
}

/** Calls with the order now and after each change; the browser comes back by itself when the connection breaks. */
export function watchOrder(id: string, { onOrder, onTrouble }: OrderWatcher): () => void {
  const events = new EventSource(`/api/orders/orders/${encodeURIComponent(id)}/watch`);
  events.addEventListener('message', ({ data }) => onOrder(JSON.parse(data as string) as OrderView));
  events.addEventListener('error', () => {
    if (events.readyState === EventSource.CLOSED) onTrouble();
  });
  return () => events.close();
}

interface OrderWatcher {
  onOrder(order: OrderView): void;
  /** There is no such order, or no way to it. */
  onTrouble(): void;
}

interface Intent {
  readonly status: string;
  readonly nextAction?: { readonly challengeUrl?: string } | null;
}

/** Pays by card. @returns where the shopper's bank wants to ask them, if it does. */
export async function pay(
  { id, payment }: OrderView,
  card: { number: string; expiryMonth: number; expiryYear: number; cvc: string },
): Promise<string | undefined> {
  const { intentId, clientSecret } = payment!;
  const { nextAction } = await call<Intent>(`/api/payment-sandbox/intents/${encodeURIComponent(intentId)}/confirm`, {
    body: { clientSecret, card, returnPath: `/orders/${id}` },
  });
  return nextAction?.challengeUrl ?? undefined;
}

export async function listTestCards(signal: AbortSignal): Promise<readonly { number: string; does: string }[]> {
  return (await call<{ cards: { number: string; does: string }[] }>('/api/payment-sandbox/test-cards', { signal }))
    .cards;
}
