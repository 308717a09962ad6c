import { describe, expect, it, vi } from 'vitest';
import { address, EUR } from './shoppers.fixture.ts';
import { testShop } from './test-shop.fixture.ts';

const happened = ({ history }: { history: readonly { happened: string }[] }) => history.map((row) => row.happened);

describe('an order', () => {
  it('goes from placed to completed: stock sold, money captured, everything told', async () => {
    const { place, pay, until, asOperator, sandbox, stockOf, events, catalog } = await testShop();
    const placed = await place({ mug: 2 });
    expect(placed).toMatchObject({
      status: 'reserving',
      total: EUR(2 * 1999 + 490),
      totals: { goodsMinor: 3998, shippingMinor: 490, taxMinor: 717, taxBasisPoints: 1900 },
      pieces: 2,
      payment: null,
      lines: [{ productId: 'mug', title: 'Mug', quantity: 2, decisionId: 'd1', slot: 3 }],
    });
    const { payment } = await pay(placed.id);
    expect(await stockOf('mug')).toBe(8);
    const confirmed = await until(placed.id, 'confirmed');
    expect(confirmed.payment).toBeNull();
    expect(await sandbox.getIntent({ params: { id: payment!.intentId } })).toMatchObject({
      status: 'captured',
      amountMinor: 4488,
      reference: placed.id,
    });
    const shipment = { carrier: 'Parcel', trackingCode: 'P-1' };
    await asOperator.shipOrder({ params: { id: placed.id }, body: shipment });
    const completed = await asOperator.completeOrder({ params: { id: placed.id } });
    expect(completed).toMatchObject({ status: 'completed', reason: null, shipment });
    expect(happened(completed)).toEqual([
      'placed',
      'stock-reserved',
      'payment-opened',
      'payment-authorised',
      'stock-committed',
      'payment-captured',
      'ship',
      'complete',
    ]);
    expect(completed.history.map(({ by }) => by).slice(-3)).toEqual(['system', 'operator', 'operator']);
    expect(await catalog.getReservation({ params: { id: placed.id } })).toMatchObject({ state: 'committed' });
    await vi.waitFor(() => expect(events).toHaveLength(8), 5_000);
    expect(events.map(({ type }) => type)).toEqual([
      'order.placed.v1',
      'order.advanced.v1',
      'order.advanced.v1',
      'order.advanced.v1',
      'order.advanced.v1',
      'order.confirmed.v1',
      'order.shipped.v1',
      'order.completed.v1',
    ]);
    expect(events[0]?.fact).toMatchObject({
      orderId: placed.id,
      userId: 'ada',
      lines: [{ productId: 'mug', quantity: 2, unitPrice: EUR(1999), decisionId: 'd1', slot: 3 }],
    });
    expect(JSON.stringify(events)).not.toMatch(/ada@example|Mill Lane/);
  });

  it('is completed by itself when nobody objects', async () => {
    const { place, pay, until, asOperator, clock } = await testShop();
    const { id } = await place({ mug: 1 });
    await pay(id);
    await until(id, 'confirmed');
    await asOperator.shipOrder({ params: { id }, body: {} });
    clock.advance(14 * 86_400_000);
    await until(id, 'completed');
  });

  it('is placed once for one key, even when prices have changed since', async () => {
    const { orders, catalog } = await testShop();
    const body = {
      lines: [{ productId: 'mug', quantity: 1, unitPrice: EUR(1999) }],
      email: 'ada@example.org',
      address,
    };
    const first = await orders.placeOrder({ body }, { idempotencyKey: 'key-1' });
    await catalog.changeProduct({ params: { id: 'mug' }, body: { price: EUR(2500) } });
    const again = await orders.placeOrder({ body }, { idempotencyKey: 'key-1' });
    expect(again.id).toBe(first.id);
    expect((await orders.listOrders({ query: {} })).orders).toHaveLength(1);
  });

  it('can be watched until it has ended', async () => {
    const { orders, place, pay, until, asOperator } = await testShop();
    const { id } = await place({ mug: 1 });
    const seen: string[] = [];
    const watching = (async () => {
      for await (const { data } of await orders.watchOrder({ params: { id } })) seen.push(data.status);
    })();
    await pay(id);
    await until(id, 'confirmed');
    await asOperator.shipOrder({ params: { id }, body: {} });
    await asOperator.completeOrder({ params: { id } });
    await watching;
    expect(seen.at(-1)).toBe('completed');
    expect(new Set(seen).size).toBeGreaterThan(2);
  });
});

describe('a payment', () => {
  it('that is declined may be tried with another card', async () => {
    const { place, pay, until } = await testShop();
    const { id } = await place({ mug: 1 });
    await expect(pay(id, '4000000000009995')).rejects.toMatchObject({
      code: 'payment-sandbox.card-declined',
      data: { declineCode: 'insufficient-funds' },
    });
    await pay(id);
    expect(happened(await until(id, 'confirmed'))).toContain('payment-authorised');
  });

  it('that is declined five times ends the order and gives everything back', async () => {
    const { place, pay, until, stockOf, sandbox } = await testShop();
    const { id } = await place({ lamp: 1 });
    for (let card = 1; card <= 5; card++) await expect(pay(id, '4000000000000002')).rejects.toThrow();
    const ended = await until(id, 'compensated');
    expect(ended.reason).toBe('payment-declined');
    expect(await stockOf('lamp')).toBe(1);
    const { events } = await sandbox.listEvents({ query: { reference: id, limit: 1 } });
    expect(events[0]?.type).toBe('intent.cancelled');
  });

  it('with 3-D Secure goes on when the bank agrees, and waits for another card when it does not', async () => {
    const { place, pay, until, sandbox } = await testShop();
    const { id } = await place({ mug: 1 });
    const { payment } = await pay(id, '4000002500003155');
    const { intentId, clientSecret } = payment!;
    const asked = await sandbox.viewIntent({ params: { id: intentId }, body: { clientSecret } });
    expect(asked).toMatchObject({ status: 'requires-action' });
    expect(asked.nextAction?.challengeUrl).toMatch(`/payment-sandbox/?intent=${intentId}`);
    const answer = (approved: boolean) =>
      sandbox.answerChallenge({ params: { id: intentId }, body: { clientSecret, approved } });
    await expect(answer(false)).rejects.toMatchObject({ data: { declineCode: 'authentication-failed' } });
    await pay(id, '4000002500003155');
    await answer(true);
    await until(id, 'confirmed');
  });

  it('that takes its time is confirmed when it comes', async () => {
    const { place, pay, until, clock } = await testShop();
    const { id } = await place({ mug: 1 });
    await pay(id, '4000000000005019');
    clock.advance(5_000);
    await until(id, 'confirmed');
  });

  it('that nobody makes in time ends the order and gives everything back', async () => {
    const { place, until, stockOf, clock } = await testShop();
    const { id } = await place({ lamp: 1 });
    await until(id, 'authorising');
    expect(await stockOf('lamp')).toBe(0);
    clock.advance(15 * 60_000);
    expect(await until(id, 'compensated')).toMatchObject({ reason: 'payment-timeout', payment: null });
    expect(await stockOf('lamp')).toBe(1);
  });

  it.each([
    ['sent twice', '4000000000005027'],
    ['in the wrong order', '4000000000005035'],
  ])('whose webhooks come %s is captured once', async (_, number) => {
    const { place, pay, until, sandbox, clock } = await testShop();
    const { id } = await place({ mug: 1 });
    await pay(id, number);
    await until(id, 'confirmed');
    clock.advance(10_000);
    const told = await vi.waitFor(async () => {
      const { events } = await sandbox.listEvents({ query: { reference: id } });
      expect(events.every(({ acknowledgements }) => acknowledgements > 0)).toBe(true);
      return events;
    }, 10_000);
    expect(told.filter(({ type }) => type === 'intent.captured')).toHaveLength(1);
    const order = await until(id, 'confirmed');
    expect(happened(order).filter((step) => step === 'payment-captured')).toHaveLength(1);
    expect(happened(order)).not.toContain('payment-declined');
  });
});

describe('calling off', () => {
  it('before the payment gives the stock back and closes the payment', async () => {
    const { orders, place, until, stockOf, sandbox } = await testShop();
    const { id } = await place({ lamp: 1 });
    const { payment } = await until(id, 'authorising').then(() =>
      vi.waitFor(async () => {
        const order = await orders.getOrder({ params: { id } });
        expect(order.payment).not.toBeNull();
        return order;
      }),
    );
    await orders.cancelOrder({ params: { id } });
    const ended = await until(id, 'compensated');
    expect(ended.reason).toBe('cancelled');
    expect(await stockOf('lamp')).toBe(1);
    expect(await sandbox.getIntent({ params: { id: payment!.intentId } })).toMatchObject({ status: 'cancelled' });
    expect(await orders.cancelOrder({ params: { id } })).toEqual(ended);
  });

  it('after the payment gives the money back', async () => {
    const { orders, place, pay, until, stockOf, sandbox, events } = await testShop();
    const { id } = await place({ lamp: 1 });
    const { payment } = await pay(id);
    await until(id, 'confirmed');
    await orders.cancelOrder({ params: { id } });
    await until(id, 'compensated');
    expect(await sandbox.getIntent({ params: { id: payment!.intentId } })).toMatchObject({ status: 'refunded' });
    expect(await stockOf('lamp')).toBe(1);
    await vi.waitFor(() => expect(events.at(-1)).toMatchObject({ type: 'order.compensated.v1' }), 5_000);
  });

  it('is refused once the goods have left; then an operator may refund, with or without the goods coming back', async () => {
    const { orders, asOperator, place, pay, until, stockOf } = await testShop();
    for (const [restock, left] of [
      [false, 9],
      [true, 9],
    ] as const) {
      const { id } = await place({ mug: 1 });
      const params = { id };
      await pay(id);
      await expect(asOperator.completeOrder({ params })).rejects.toMatchObject({ code: 'orders.step-not-due' });
      await until(id, 'confirmed');
      await asOperator.shipOrder({ params, body: {} });
      await expect(orders.cancelOrder({ params })).rejects.toMatchObject({
        code: 'orders.cancel-too-late',
        data: { status: 'shipped' },
      });
      await asOperator.refundOrder({ params, body: { restock, note: 'It was broken.' } });
      const ended = await until(id, 'compensated');
      expect(ended.reason).toBe('refunded');
      expect(ended.history.find(({ happened }) => happened === 'refund')).toMatchObject({
        by: 'operator',
        note: 'It was broken.',
      });
      expect(await stockOf('mug')).toBe(left);
      await expect(asOperator.shipOrder({ params, body: {} })).rejects.toMatchObject({ code: 'orders.step-not-due' });
    }
  });
});
