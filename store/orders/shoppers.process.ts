import { setTimeout as sleep } from 'node:timers/promises';
import { type Host, ProblemError, startHost } from 'relearn';
import { seededRandom } from 'relearn/testing';
import catalog from '../catalog/main.ts';
import { intentStateUnexpected, paymentSandboxContract } from '../payment-sandbox/contract.ts';
import paymentSandbox from '../payment-sandbox/main.ts';
import { cancelTooLate, ordersContract } from './contract.ts';
import orders from './main.ts';
import { address, card, EUR, operator } from './shoppers.fixture.ts';

/** A shop in a process of its own, and shoppers who order, pay, and change their minds until it is killed. Tells its parent of each order acknowledged. */
const random = seededRandom(Number(process.argv[2]));
const host = await startHost({ services: [catalog, paymentSandbox, orders], listen: false });
await Promise.all([...[1, 2, 3, 4].map((visitor) => shop(host, `visitor-${visitor}`)), keepShipping(host)]);

async function shop(host: Host, visitorId: string): Promise<never> {
  const client = host.client(ordersContract, { kind: 'guest', visitorId });
  const sandbox = host.client(paymentSandboxContract);
  for (;;) {
    const lines = [{ productId: 'mug', quantity: 1 + Math.floor(random() * 2), unitPrice: EUR(1999) }];
    const { id } = await client.placeOrder({ body: { lines, email: 'ada@example.org', address } });
    process.send!(id);
    const mood = random();
    if (mood < 0.15) await unlessLate(client.cancelOrder({ params: { id } }));
    for (let look = 0; look < 20 && mood < 0.9; look++) {
      const { payment, status } = await client.getOrder({ params: { id } });
      if (status === 'compensated') break;
      if (payment === null) await sleep(2);
      else {
        const { intentId, clientSecret } = payment;
        const number = random() < 0.8 ? '4242424242424242' : '4000000000005027';
        await unlessLate(
          sandbox.confirmIntent({ params: { id: intentId }, body: { clientSecret, card: card(number) } }),
        );
        if (random() < 0.2) await unlessLate(client.cancelOrder({ params: { id } }));
        break;
      }
    }
  }
}

/** Waits for a call that is refused where the shop was first: the order has left, or its payment was given up. */
async function unlessLate(call: Promise<unknown>): Promise<void> {
  const refusals: string[] = [cancelTooLate.code, intentStateUnexpected.code];
  await call.catch((error) => {
    if (!(error instanceof ProblemError) || !refusals.includes(error.code)) throw error;
  });
}

async function keepShipping(host: Host): Promise<never> {
  const client = host.client(ordersContract, operator);
  for (;;) {
    const { orders: confirmed } = await client.listAllOrders({ query: { status: 'confirmed' } });
    for (const { id } of confirmed) {
      const params = { id };
      if (random() < 0.2) await client.refundOrder({ params, body: { restock: true } }).catch(() => undefined);
      else await client.shipOrder({ params, body: {} }).catch(() => undefined);
    }
    await sleep(10);
  }
}
