import { describe, expect, it, vi } from 'vitest';
import { EUR, shopper } from './shoppers.fixture.ts';
import { type OrdersClient, testShop } from './test-shop.fixture.ts';

describe('orders of others', () => {
  const knock = (client: OrdersClient, id: string) => [
    client.getOrder({ params: { id } }),
    client.cancelOrder({ params: { id } }),
  ];

  it('are neither seen nor called off', async () => {
    const { place, as } = await testShop();
    const { id } = await place({ mug: 1 });
    const strangers = [
      as({ kind: 'shopper', userId: 'bob', sessionId: 'session-9', visitorId: 'visitor-1' }),
      as({ kind: 'guest', visitorId: 'ada' }),
    ];
    for (const stranger of strangers) {
      for (const call of knock(stranger, id))
        await expect(call).rejects.toMatchObject({ code: 'orders.order-not-found' });
      expect((await stranger.listOrders({ query: {} })).orders).toEqual([]);
    }
  });

  it('are not an operator’s to pay', async () => {
    const { place, until, orders } = await testShop();
    const { id } = await place({ mug: 1 });
    await vi.waitFor(async () => expect((await orders.getOrder({ params: { id } })).payment).not.toBeNull(), 5_000);
    expect((await until(id, 'authorising')).payment).toBeNull();
  });

  it('that a visitor placed are theirs, also after they have signed in', async () => {
    const { place, as } = await testShop();
    const { id } = await place({ mug: 1 }, as({ kind: 'guest', visitorId: 'visitor-1' }));
    const signedIn = as({ ...shopper, visitorId: 'visitor-1' } as never);
    expect((await signedIn.listOrders({ query: {} })).orders.map((order) => order.id)).toEqual([id]);
    expect(await signedIn.getOrder({ params: { id } })).toMatchObject({ id });
    await expect(as({ kind: 'guest', visitorId: 'visitor-2' }).getOrder({ params: { id } })).rejects.toThrow();
  });

  it('are an operator’s to list, by status and by number, page by page', async () => {
    const { place, asOperator, as } = await testShop();
    const placed = [];
    for (let order = 0; order < 5; order++) {
      placed.push(await place({ mug: 1 }, as({ kind: 'guest', visitorId: `visitor-${order}` })));
    }
    const listed: string[] = [];
    let cursor: string | null | undefined;
    do {
      const page = await asOperator.listAllOrders({ query: { limit: 2, ...(cursor && { cursor }) } });
      listed.push(...page.orders.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor);
    expect(listed.sort()).toEqual(placed.map(({ id }) => id).sort());
    const typed = placed[2]!.number.toLowerCase().replaceAll('-', ' ');
    const found = await asOperator.listAllOrders({ query: { number: typed } });
    expect(found.orders.map(({ id }) => id)).toEqual([placed[2]!.id]);
    expect((await asOperator.listAllOrders({ query: { number: 'nonsense' } })).orders).toEqual([]);
    await expect(asOperator.listAllOrders({ query: { cursor: 'nonsense' } })).rejects.toMatchObject({
      code: 'orders.cursor-invalid',
    });
  });

  it('that a deleted user placed keep no trace of them, once they have ended', async () => {
    const { place, deleteUser, asOperator, orders, until, pay } = await testShop();
    const ended = await place({ mug: 1 });
    await orders.cancelOrder({ params: { id: ended.id } });
    await until(ended.id, 'compensated');
    const open = await place({ mug: 1 });
    await pay(open.id);
    await until(open.id, 'confirmed');
    await deleteUser('ada', []);
    const seen = async (id: string) => JSON.stringify(await asOperator.getOrder({ params: { id } }));
    await expect.poll(() => seen(ended.id)).not.toMatch(/ada|mill lane/i);
    expect(await seen(open.id)).toMatch(/mill lane/i);
    expect((await orders.listOrders({ query: {} })).orders).toEqual([]);
    await asOperator.shipOrder({ params: { id: open.id }, body: {} });
    await asOperator.completeOrder({ params: { id: open.id } });
    expect(await seen(open.id)).not.toMatch(/ada|mill lane/i);
  });

  it('are quoted before they are placed', async () => {
    const { orders } = await testShop();
    const lines = [{ productId: 'mug', quantity: 2, unitPrice: EUR(1999) }];
    const { totals } = await orders.quoteOrder({ body: { lines, country: 'DE' } });
    expect(totals).toMatchObject({ goodsMinor: 3998, shippingMinor: 490, totalMinor: 4488, currency: 'EUR' });
    const { countries } = await orders.listCountries({});
    expect(countries).toContain('DE');
    await expect(orders.quoteOrder({ body: { lines, country: 'AQ' } })).rejects.toMatchObject({ status: 422 });
  });
});
