import { setTimeout as sleep } from 'node:timers/promises';
import { noNatsServer, seededRandom, startNatsServer } from 'relearn/testing';
import { expect, onTestFinished, test, vi } from 'vitest';
import { catalogContract } from '../catalog/contract.ts';
import { ordersContract } from '../orders/contract.ts';
import { paymentSandboxContract } from '../payment-sandbox/contract.ts';
import { openShopInProcesses, type ServiceName } from './shop-in-processes.fixture.ts';

const ORDERS_AT_ONCE = 4;
const STOCK = 1_000;
const AWAY_MS = 300;
const EUR = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });
const address = { name: 'Ada', street: '1 Mill Lane', postalCode: '10115', city: 'Berlin', country: 'DE' };
const card = { number: '4242424242424242', expiryMonth: 12, expiryYear: 2030, cvc: '123' };
const name = 'each service killed in the middle of orders: all end paid once, and no stock is lost';

/** Tries again while the other side is away. */
async function persistently<T>(work: () => Promise<T>): Promise<T> {
  return vi.waitFor(work, { timeout: 30_000, interval: 100 });
}

test.skipIf(noNatsServer)(
  noNatsServer ? `${name} (skipped: ${noNatsServer})` : name,
  { timeout: 180_000 },
  async () => {
    const nats = await startNatsServer();
    onTestFinished(() => nats[Symbol.asyncDispose]());
    const shop = await openShopInProcesses(nats.url);
    onTestFinished(() => shop.close());
    const random = seededRandom(9);
    const [catalog, orders, sandbox] = [
      shop.client(catalogContract),
      shop.client(ordersContract, 'visitor-1'),
      shop.client(paymentSandboxContract),
    ];
    const products = [{ id: 'pin', title: 'Pin', price: EUR(1999), stock: STOCK }];
    await catalog.upsertProducts({ body: { products } });

    async function order(idempotencyKey: string): Promise<{ id: string; intentId: string }> {
      const lines = [{ productId: 'pin', quantity: 1, unitPrice: EUR(1999) }];
      const body = { lines, email: 'ada@example.org', address };
      const { id } = await persistently(() => orders.placeOrder({ body }, { idempotencyKey }));
      const { intentId, clientSecret } = await persistently(async () => {
        const { payment } = await orders.getOrder({ params: { id } });
        if (payment === null) throw new Error('Nothing to pay yet.');
        return payment;
      });
      await persistently(async () => {
        const { status } = await sandbox.viewIntent({ params: { id: intentId }, body: { clientSecret } });
        if (status === 'requires-card') {
          await sandbox.confirmIntent({ params: { id: intentId }, body: { clientSecret, card } });
        }
      });
      return { id, intentId };
    }

    const placed: { id: string; intentId: string }[] = [];
    for (const victim of ['catalog', 'payment-sandbox', 'orders'] satisfies ServiceName[]) {
      const placing = Array.from({ length: ORDERS_AT_ONCE }, (_, each) => order(`${victim}-${each}`));
      await sleep(random() * 200);
      await shop.stop(victim, 'SIGKILL');
      await sleep(AWAY_MS);
      await shop.start(victim);
      placed.push(...(await Promise.all(placing)));
    }
    for (const { id, intentId } of placed) {
      await persistently(async () => {
        const { status } = await orders.getOrder({ params: { id } });
        expect(status).toBe('confirmed');
      });
      expect(await sandbox.getIntent({ params: { id: intentId } })).toMatchObject({ status: 'captured' });
    }
    const { stock } = await catalog.getProduct({ params: { id: 'pin' } });
    expect(stock).toBe(STOCK - placed.length);
  },
);
