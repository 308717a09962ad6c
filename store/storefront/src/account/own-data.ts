import type { OrderView } from '../../../orders/contract.ts';
import { call } from '../api.ts';
import type { OrderSummary } from '../orders-api.ts';

/** All that the shop's services keep of the shopper, each in its own words. */
async function ownData(): Promise<object> {
  const [account, orders, cart, history] = await Promise.all([
    call<object>('/api/users/me/export'),
    ownOrders(),
    call<object>('/api/cart/cart'),
    call<object>('/api/recommender/history'),
  ]);
  return { account, orders, cart, history };
}

async function ownOrders(): Promise<OrderView[]> {
  const orders: OrderView[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const query: string = new URLSearchParams({ limit: '50', ...(cursor && { cursor }) }).toString();
    const page: { orders: OrderSummary[]; nextCursor: string | null } = await call(`/api/orders/orders?${query}`);
    for (const { id } of page.orders)
      orders.push(await call<OrderView>(`/api/orders/orders/${encodeURIComponent(id)}`));
    cursor = page.nextCursor;
  }
  return orders;
}

/** Gives it to the browser as a file. */
export async function downloadOwnData(): Promise<void> {
  const file = new Blob([JSON.stringify(await ownData(), null, 2)], { type: 'application/json' });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = 'my-data.json';
  link.click();
  URL.revokeObjectURL(link.href);
}
