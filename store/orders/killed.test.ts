import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Host, startHost } from 'relearn';
import { manualClock, seededRandom, temporaryHome } from 'relearn/testing';
import { expect, onTestFinished, test, vi } from 'vitest';
import { catalogContract } from '../catalog/contract.ts';
import catalog from '../catalog/main.ts';
import { paymentSandboxContract } from '../payment-sandbox/contract.ts';
import paymentSandbox from '../payment-sandbox/main.ts';
import { type OrderSummary, ordersContract } from './contract.ts';
import orders from './main.ts';
import { EUR, operator } from './shoppers.fixture.ts';

const program = fileURLToPath(new URL('./shoppers.process.ts', import.meta.url));
const services = [catalog, paymentSandbox, orders];
const KILLS = 6;
const MUGS = 400;

test('a shop killed at any moment, again and again, ends every order as it should', async () => {
  await using home = await temporaryHome();
  const random = seededRandom(5);
  await stock(home.path);
  const acknowledged: string[] = [];
  for (let run = 0; run < KILLS; run++) {
    const child = fork(program, [String(run)], {
      env: { ...process.env, LOG_LEVEL: 'silent', RELEARN_HOME: home.path },
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const closed = once(child, 'close');
    child.on('message', (id) => acknowledged.push(id as string));
    await Promise.race([once(child, 'message'), closed]);
    await sleep(random() * 600);
    child.kill('SIGKILL');
    expect(await closed).toEqual([null, 'SIGKILL']);
  }

  const clock = manualClock(Date.now());
  const host = await startHost({ services, home: home.path, listen: false, clock, env: { LOG_LEVEL: 'silent' } });
  onTestFinished(() => host.close());
  clock.advance(3_600_000);
  const ended = await endAll(host);
  const known = new Set(ended.map(({ id }) => id));
  expect(acknowledged.filter((id) => !known.has(id))).toEqual([]);
  expect(new Set(ended.map(({ status }) => status))).toEqual(new Set(['completed', 'compensated']));

  const { captured, refunded } = await moneyOf(host, ended);
  for (const { id, status } of ended) {
    expect([id, captured.get(id) ?? 0, refunded.get(id) ?? 0]).toEqual(
      status === 'completed' ? [id, 1, 0] : [id, refunded.get(id) ?? 0, captured.get(id) ?? 0],
    );
    expect(captured.get(id) ?? 0).toBeLessThanOrEqual(1);
  }
  const sold = ended.filter(({ status }) => status === 'completed').reduce((sum, { pieces }) => sum + pieces, 0);
  const { stock: left } = await host.client(catalogContract).getProduct({ params: { id: 'mug' } });
  expect(left).toBe(MUGS - sold);
}, 60_000);

async function stock(home: string): Promise<void> {
  const host = await startHost({ services, home, listen: false, env: { LOG_LEVEL: 'silent' } });
  const products = [{ id: 'mug', title: 'Mug', price: EUR(1999), stock: MUGS }];
  await host.client(catalogContract).upsertProducts({ body: { products } });
  await host.close();
}

/** Lets every order come to its end: what waits to be shipped is shipped, what was shipped has arrived. */
async function endAll(host: Host): Promise<OrderSummary[]> {
  const client = host.client(ordersContract, operator);
  return vi.waitFor(
    async () => {
      const all = await allOrders(host);
      for (const { id, status } of all) {
        const params = { id };
        if (status === 'confirmed') await client.shipOrder({ params, body: {} });
        if (status === 'shipped') await client.completeOrder({ params });
      }
      const open = all.filter(({ status }) => status !== 'completed' && status !== 'compensated');
      expect(open).toEqual([]);
      return all;
    },
    { timeout: 40_000, interval: 100 },
  );
}

async function allOrders(host: Host): Promise<OrderSummary[]> {
  const client = host.client(ordersContract, operator);
  const all: OrderSummary[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await client.listAllOrders({ query: { limit: 100, ...(cursor !== undefined && { cursor }) } });
    all.push(...page.orders);
    cursor = page.nextCursor;
  }
  return all;
}

/** How often money was taken and given back, by order, as the provider says. */
async function moneyOf(host: Host, ended: readonly OrderSummary[]) {
  const sandbox = host.client(paymentSandboxContract);
  const captured = new Map<string, number>();
  const refunded = new Map<string, number>();
  for (const { id } of ended) {
    const { events } = await sandbox.listEvents({ query: { reference: id } });
    const times = (type: string) => events.filter((event) => event.type === type).length;
    captured.set(id, times('intent.captured'));
    refunded.set(id, times('intent.refunded'));
  }
  return { captured, refunded };
}
