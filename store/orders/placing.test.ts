import { describe, expect, it, vi } from 'vitest';
import { address, EUR } from './shoppers.fixture.ts';
import { testShop } from './test-shop.fixture.ts';

describe('placing is refused', () => {
  const order = (changes: object) => ({
    body: {
      lines: [{ productId: 'mug', quantity: 1, unitPrice: EUR(1999) }],
      email: 'ada@example.org',
      address,
      ...changes,
    },
  });

  it('when prices have changed, with the new ones', async () => {
    const { orders, catalog } = await testShop();
    await catalog.changeProduct({ params: { id: 'mug' }, body: { price: EUR(2500) } });
    await expect(orders.placeOrder(order({}))).rejects.toMatchObject({
      code: 'orders.price-changed',
      data: { lines: [{ productId: 'mug', seen: EUR(1999), now: EUR(2500) }] },
    });
  });

  it.each([
    ['orders.product-unavailable', { lines: [{ productId: 'ghost', quantity: 1, unitPrice: EUR(1) }] }],
    ['orders.product-unavailable', { lines: [{ productId: 'mug', quantity: 11, unitPrice: EUR(1999) }] }],
    ['orders.country-not-served', { address: { ...address, country: 'AQ' } }],
    ['request-invalid', { email: 'nobody' }],
    ['request-invalid', { lines: [] }],
  ])('with %s', async (code, changes) => {
    const { orders } = await testShop();
    await expect(orders.placeOrder(order(changes))).rejects.toMatchObject({ code });
    expect((await orders.listOrders({ query: {} })).orders).toEqual([]);
  });

  it('when a service asks, that is nobody’s', async () => {
    const { as } = await testShop();
    const service = as({ kind: 'service', name: 'cart' });
    await expect(service.placeOrder(order({}))).rejects.toMatchObject({ code: 'orders.customer-missing' });
  });

  it('to all but one of those who want the last piece at the same time', async () => {
    const { place, until, orders, asOperator } = await testShop();
    const placed = await Promise.all([1, 2, 3].map(() => place({ lamp: 1 })));
    await vi.waitFor(async () => {
      const { orders: compensated } = await asOperator.listAllOrders({ query: { status: 'compensated' } });
      expect(compensated.map(({ reason }) => reason)).toEqual(['stock-insufficient', 'stock-insufficient']);
    }, 10_000);
    const { orders: mine } = await orders.listOrders({ query: {} });
    const left = mine.filter(({ status }) => status !== 'compensated');
    expect(left).toHaveLength(1);
    expect(placed.map(({ id }) => id)).toContain(left[0]?.id);
    await until(left[0]!.id, 'authorising');
  });
});
