import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type ClientOf, genericAiContract, startHost, untilTrained } from 'relearn';
import { recommenderContract } from '../../services/recommender/contract.ts';
import recommender from '../../services/recommender/main.ts';
import cart from '../cart/main.ts';
import { catalogContract } from '../catalog/contract.ts';
import catalog from '../catalog/main.ts';
import type { DemoAccount } from '../demo-accounts.ts';
import gateway from '../gateway/main.ts';
import { madeUpShopFolder, openMadeUpShop } from '../made-up-shop.ts';
import { openShopAccounts } from '../open-shop.ts';
import orders from '../orders/main.ts';
import paymentSandbox from '../payment-sandbox/main.ts';
import { makeShop, stockShop } from '../simulator/index.ts';
import { usersContract } from '../users/contract.ts';
import users from '../users/main.ts';
import { buildStorefront } from './build.ts';

export interface TestShop {
  readonly url: string;
  readonly recommender: ClientOf<typeof recommenderContract>;
  readonly accounts: readonly DemoAccount[];
  close(): Promise<void>;
}

/** The made-up shop on a free port in a home of its own, stocked and with a trained version (about 5 s); or on its first day, with nothing to learn from. */
export async function openTestShop({ isFirstDay = false } = {}): Promise<TestShop> {
  const home = await mkdtemp(join(tmpdir(), 'storefront-'));
  const folder = madeUpShopFolder(home);
  await mkdir(join(folder, 'pictures'), { recursive: true });
  const host = await startHost({
    services: [gateway, catalog, cart, orders, paymentSandbox, users, recommender],
    home,
    pages: {
      '/': await buildStorefront(),
      '/pictures/': join(folder, 'pictures'),
      '/shop/': folder,
      '/payment-sandbox/': resolve(import.meta.dirname, '../payment-sandbox/pages'),
    },
    env: { PORT: '0', LOG_LEVEL: 'silent', RATE_PER_S: '1000', RATE_BURST: '5000' },
  });
  const clients = { catalog: host.client(catalogContract), recommender: host.client(recommenderContract) };
  const accounts = await openShopAccounts(host.client(usersContract), { home, isMadeUp: true });
  if (isFirstDay) await stockShop({ ...makeShop(1, { nowMs: Date.now() }), interactions: [] }, clients);
  else {
    await openMadeUpShop(clients, home, Date.now());
    await untilTrained(host.client(genericAiContract('recommender')), {
      reason: 'a shop to look at',
      budget: { timeMs: 1_000 },
    });
  }
  return {
    url: host.url,
    recommender: clients.recommender,
    accounts,
    async close() {
      await host.close();
      await rm(home, { recursive: true });
    },
  };
}
