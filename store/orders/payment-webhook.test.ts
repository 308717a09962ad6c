import { describe, expect, it } from 'vitest';
import { signWebhook } from '../payment-sandbox/sign-webhook.ts';
import { type TestShop, testShop } from './test-shop.fixture.ts';

const authorised = (orderId: string, intentId: string) => ({
  id: 'event-1',
  type: 'intent.authorised',
  createdAtMs: 0,
  intent: {
    id: intentId,
    status: 'authorised',
    amountMinor: 1999,
    currency: 'EUR',
    reference: orderId,
    attempts: 1,
    card: null,
    lastDecline: null,
    nextAction: null,
    createdAtMs: 0,
  },
});

async function awaited({ place, orders, until }: TestShop) {
  const { id } = await place({ mug: 1 });
  await until(id, 'authorising');
  for (;;) {
    const { payment } = await orders.getOrder({ params: { id } });
    if (payment !== null) return { id, intentId: payment.intentId };
  }
}

describe('a webhook', () => {
  it('is taken from the provider alone', async () => {
    const shop = await testShop();
    const { id, intentId } = await awaited(shop);
    const body = authorised(id, intentId);
    const { secret } = await shop.sandbox.getWebhookSecret({});
    const nowMs = shop.clock();
    const forged = [
      signWebhook(JSON.stringify(body), { secret: 'guessed', nowMs }),
      signWebhook(JSON.stringify({ ...body, id: 'event-2' }), { secret, nowMs }),
      signWebhook(JSON.stringify(body), { secret, nowMs: nowMs - 301_000 }),
      '',
      't=1,v1=2',
    ];
    for (const signature of forged) {
      await expect(send(shop, body, signature)).rejects.toMatchObject({
        code: 'orders.signature-invalid',
        status: 401,
      });
    }
    expect((await shop.orders.getOrder({ params: { id } })).status).toBe('authorising');
  });

  it('that is genuine but about nothing we know, or another payment, changes nothing', async () => {
    const shop = await testShop();
    const { id, intentId } = await awaited(shop);
    const { secret } = await shop.sandbox.getWebhookSecret({});
    const bodies = [authorised('ghost', intentId), authorised(id, 'intent_other')];
    for (const body of [...bodies, { ...authorised(id, intentId), type: 'intent.requires-action' }]) {
      const signature = signWebhook(JSON.stringify(body), { secret, nowMs: shop.clock() });
      expect(await send(shop, body, signature)).toEqual({ received: true });
    }
    expect((await shop.orders.getOrder({ params: { id } })).history.at(-1)?.happened).toBe('payment-opened');
  });

  it('cannot conjure money: what was never paid is not captured, and the order turns back', async () => {
    const shop = await testShop();
    const { id, intentId } = await awaited(shop);
    const { secret } = await shop.sandbox.getWebhookSecret({});
    const body = authorised(id, intentId);
    await send(shop, body, signWebhook(JSON.stringify(body), { secret, nowMs: shop.clock() }));
    expect(await shop.until(id, 'compensated')).toMatchObject({ reason: 'capture-refused' });
    expect(await shop.stockOf('mug')).toBe(10);
  });
});

function send({ as }: TestShop, body: object, signature: string) {
  return as({ kind: 'anonymous' }).paymentWebhook({ headers: { 'payment-signature': signature }, body });
}
