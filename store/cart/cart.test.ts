import { describe, expect, it } from 'vitest';
import { ada, adaOnceGuest, EUR, guest, testShop } from './test-shop.fixture.ts';

const mug = { productId: 'mug' };
const lamp = { productId: 'lamp' };

describe('a cart', () => {
  it('is empty at first', async () => {
    const cart = await (await testShop()).as(guest).getCart({});
    expect(cart).toEqual({
      revision: 0,
      lines: [],
      subtotal: null,
      canOrder: false,
      goesWith: null,
      degraded: [],
    });
  });

  it('holds lines at the catalog’s prices, with what goes with them', async () => {
    const { as, asked } = await testShop();
    const client = as(guest);
    await client.addLine({ body: { ...mug, quantity: 2, decisionId: 'd1', slot: 3 } });
    const cart = await client.addLine({ body: mug });
    expect(cart).toMatchObject({
      revision: 2,
      lines: [{ ...mug, title: 'Mug', quantity: 3, unitPrice: EUR(1999), decisionId: 'd1', slot: 3 }],
      subtotal: EUR(5997),
      canOrder: true,
      goesWith: { decisionId: 'decision-1', items: [{ itemId: 'lamp', reason: 'Goes with your mug' }] },
      degraded: [],
    });
    expect(asked.at(-1)).toMatchObject({ visitorId: 'visitor-1', basket: ['mug'] });
  });

  it('takes a repeated request once', async () => {
    const { as } = await testShop();
    const client = as(guest);
    const again = { idempotencyKey: 'key-1' };
    await client.addLine({ body: mug }, again);
    expect(await client.addLine({ body: mug }, again)).toMatchObject({ revision: 1, lines: [{ quantity: 1 }] });
  });

  it('changes quantities, loses lines, and is cleared', async () => {
    const { as } = await testShop();
    const client = as(guest);
    await client.addLine({ body: mug });
    await client.addLine({ body: lamp });
    const set = (quantity: number) => client.setQuantity({ params: mug, body: { quantity } });
    expect((await set(7)).lines[0]).toMatchObject({ quantity: 7 });
    expect((await set(7)).revision).toBe(3);
    expect((await client.removeLine({ params: lamp })).lines).toHaveLength(1);
    expect((await client.removeLine({ params: lamp })).revision).toBe(4);
    await expect(client.setQuantity({ params: lamp, body: { quantity: 1 } })).rejects.toMatchObject({
      code: 'cart.line-not-found',
    });
    expect((await client.clearCart({})).lines).toEqual([]);
  });

  it('does not take what is not there, or too much of it', async () => {
    const { as, catalog } = await testShop();
    const client = as(guest);
    const unavailable = (available: number) => ({ code: 'cart.product-unavailable', data: { available } });
    await expect(client.addLine({ body: { productId: 'nothing' } })).rejects.toMatchObject(unavailable(0));
    await client.addLine({ body: lamp });
    await expect(client.addLine({ body: lamp })).rejects.toMatchObject(unavailable(1));
    await expect(client.setQuantity({ params: lamp, body: { quantity: 2 } })).rejects.toMatchObject(unavailable(1));
    await expect(client.addLine({ body: { productId: 'book' } })).rejects.toMatchObject({
      code: 'cart.currency-mixed',
    });
    await catalog.upsertProducts({ body: { products: [{ id: 'pin', title: 'Pin', price: EUR(1), stock: 5_000 }] } });
    await client.addLine({ body: { productId: 'pin', quantity: 999 } });
    await expect(client.addLine({ body: { productId: 'pin' } })).rejects.toMatchObject({ code: 'cart.cart-full' });
  });

  it('shows a price that has changed, and takes it when it is agreed to, as it was shown', async () => {
    const { as, catalog } = await testShop();
    const client = as(guest);
    await client.addLine({ body: mug });
    const price = (amountMinor: number) =>
      catalog.changeProduct({ params: { id: 'mug' }, body: { price: EUR(amountMinor) } });
    await price(2500);
    expect(await client.getCart({})).toMatchObject({
      lines: [{ unitPrice: EUR(2500), priceWas: EUR(1999) }],
      subtotal: EUR(2500),
      canOrder: false,
    });
    await price(2600);
    const accept = (amountMinor: number) =>
      client.acceptPrices({ body: { lines: [{ ...mug, unitPrice: EUR(amountMinor) }] } });
    expect(await accept(2500)).toMatchObject({ lines: [{ priceWas: EUR(2500) }], canOrder: false });
    const agreed = await accept(2600);
    expect(agreed).toMatchObject({ lines: [{ unitPrice: EUR(2600) }], canOrder: true });
    expect(agreed.lines[0]).not.toHaveProperty('priceWas');
  });

  it('shows what has sold out or is gone meanwhile', async () => {
    const { as, catalog } = await testShop();
    const client = as(guest);
    await client.addLine({ body: { ...mug, quantity: 5 } });
    await client.addLine({ body: lamp });
    const stock = (pieces: number) => catalog.changeProduct({ params: { id: 'mug' }, body: { stock: pieces } });
    await stock(2);
    await catalog.retireProduct({ params: { id: 'lamp' } });
    expect(await client.getCart({})).toMatchObject({
      lines: [{ fault: 'too-few', available: 2 }, { fault: 'gone' }],
      canOrder: false,
    });
    await stock(0);
    expect((await client.getCart({})).lines[0]).toMatchObject({ fault: 'out-of-stock' });
    expect((await client.setQuantity({ params: mug, body: { quantity: 1 } })).lines[0]).toMatchObject({ quantity: 1 });
  });

  it('is changed only as it was seen, where that is asked for', async () => {
    const { as } = await testShop();
    const [one, other] = [as(guest), as(guest)];
    const { revision } = await one.addLine({ body: mug });
    const seen = { ifMatch: String(revision) };
    await other.setQuantity({ params: mug, body: { quantity: 2 } }, seen);
    await expect(one.setQuantity({ params: mug, body: { quantity: 3 } }, seen)).rejects.toMatchObject({ status: 412 });
    await expect(one.clearCart({}, seen)).rejects.toMatchObject({ status: 412 });
    expect((await one.getCart({})).lines[0]).toMatchObject({ quantity: 2 });
  });

  it('goes on without a recommender that is late or down, and says so', async () => {
    const { as, feel } = await testShop();
    const client = as(guest);
    await client.addLine({ body: mug });
    for (const mood of ['late', 'down'] as const) {
      feel(mood);
      expect(await client.getCart({})).toMatchObject({ lines: [mug], goesWith: null, degraded: ['recommender'] });
    }
    feel('well');
    expect(await client.getCart({})).toMatchObject({ degraded: [] });
  });

  it('is nobody else’s, and no service’s', async () => {
    const { as } = await testShop();
    await as(ada).addLine({ body: mug });
    for (const stranger of [guest, { ...ada, userId: 'bob' }, { ...guest, visitorId: 'ada' }] as const) {
      expect((await as(stranger).getCart({})).lines).toEqual([]);
    }
    await expect(as({ kind: 'service', name: 'orders' }).getCart({})).rejects.toMatchObject({
      code: 'cart.owner-missing',
    });
    await expect(as({ kind: 'anonymous' }).getCart({})).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});

describe('a guest’s cart', () => {
  it('is joined to the shopper’s when they sign in, once, however many requests come', async () => {
    const { as } = await testShop();
    await as(guest).addLine({ body: { ...mug, quantity: 2, decisionId: 'd1', slot: 0 } });
    await as(ada).addLine({ body: mug });
    await as(ada).addLine({ body: lamp });
    const signedIn = as(adaOnceGuest);
    const carts = await Promise.all(Array.from({ length: 5 }, () => signedIn.getCart({})));
    for (const cart of carts) {
      expect(cart.lines).toMatchObject([{ ...mug, quantity: 3, decisionId: 'd1' }, lamp]);
    }
    expect((await as(guest).getCart({})).lines).toEqual([]);
    expect((await as(ada).getCart({})).lines).toHaveLength(2);
  });
});

describe('what others tell the cart', () => {
  const order = (owner: object, quantity: number) => ({
    orderId: 'order-1',
    number: 'X',
    revision: 1,
    status: 'reserving' as const,
    reason: null,
    happened: 'place',
    atMs: 1,
    total: EUR(1999),
    lines: [{ ...mug, quantity, unitPrice: EUR(1999) }],
    ...owner,
  });

  it('what was ordered leaves it, and nothing else', async () => {
    const { as, place } = await testShop();
    await as(ada).addLine({ body: { ...mug, quantity: 3 } });
    await as(ada).addLine({ body: lamp });
    await as(guest).addLine({ body: mug });
    await place(order({ userId: 'ada' }, 2));
    await expect.poll(async () => (await as(ada).getCart({})).lines).toMatchObject([{ quantity: 1 }, lamp]);
    await place({ ...order({ visitorId: 'visitor-1' }, 2), orderId: 'order-2' });
    await expect.poll(async () => (await as(guest).getCart({})).lines).toEqual([]);
  });

  it('who is deleted is forgotten, and the guest they were', async () => {
    const { as, deleteUser } = await testShop();
    await as(ada).addLine({ body: mug });
    await as(guest).addLine({ body: mug });
    await deleteUser('ada', ['visitor-1']);
    await expect.poll(async () => (await as(ada).getCart({})).revision).toBe(0);
    await expect.poll(async () => (await as(guest).getCart({})).revision).toBe(0);
  });
});

describe('a cart left behind', () => {
  const HOUR_MS = 3_600_000;

  it('is told of once it has rested for an hour, once for each rest', async () => {
    const { as, clock, abandoned } = await testShop();
    await as(guest).addLine({ body: mug });
    clock.advance(HOUR_MS / 2);
    await as(guest).addLine({ body: mug });
    clock.advance(HOUR_MS / 2);
    await as(ada).addLine({ body: lamp });
    expect(abandoned).toEqual([]);
    clock.advance(HOUR_MS / 2);
    await expect.poll(() => abandoned).toMatchObject([{ visitorId: 'visitor-1', lines: [{ ...mug, quantity: 2 }] }]);
    clock.advance(HOUR_MS);
    await expect.poll(() => abandoned).toHaveLength(2);
    expect(abandoned[1]).toMatchObject({ userId: 'ada' });
  });

  it('is forgotten after ninety days, if it is a guest’s', async () => {
    const { as, clock, abandoned } = await testShop();
    await as(guest).addLine({ body: mug });
    await as(ada).addLine({ body: mug });
    clock.advance(HOUR_MS);
    await expect.poll(() => abandoned).toHaveLength(2);
    clock.advance(91 * 24 * HOUR_MS);
    await expect.poll(async () => (await as(guest).getCart({})).revision).toBe(0);
    expect((await as(ada).getCart({})).lines).toHaveLength(1);
    expect(abandoned).toHaveLength(2);
  });
});
