import { setTimeout as sleep } from 'node:timers/promises';
import { noNatsServer, startNatsServer } from 'relearn/testing';
import {
  openShopInProcesses,
  type ServiceName,
  type ShopInProcesses,
} from '../store/storefront/shop-in-processes.fixture.ts';
import { keepResult } from './keep-result.ts';

/**
 * The store with every service in a process of its own behind the gateway. One service after another is killed (SIGKILL) and comes back, while all are
 * asked: how many requests to the others succeed, and how long after its return the killed one answers through the gateway. Needs `nats-server`.
 */

const AWAY_MS = 3_000;
const ASK_EVERY_MS = 20;
const TARGET = { othersSucceed: 0.999, recoveryMs: 2_000 };

interface Fall {
  readonly service: ServiceName;
  readonly asked: number;
  readonly succeeded: number;
  /** From the process being live again to the first success through the gateway. */
  readonly recoveryMs: number;
}

/** One request that each service answers to a guest. */
const asks: Readonly<Partial<Record<ServiceName, { path: string; body?: object; accepts?: number }>>> = {
  catalog: { path: '/api/catalog/products?limit=5' },
  recommender: { path: '/api/recommender/for-you', body: { k: 5 } },
  cart: { path: '/api/cart/cart' },
  orders: { path: '/api/orders/orders' },
  'payment-sandbox': { path: '/api/payment-sandbox/test-cards' },
  // A guest has no account: that answer comes from users all the same.
  users: { path: '/api/users/email-changes/confirm', body: { token: 'x' }, accepts: 410 },
};
const names = Object.keys(asks) as ServiceName[];

if (noNatsServer !== undefined) {
  console.log(`Not measured: ${noNatsServer}.`);
  process.exit();
}
const nats = await startNatsServer();
const shop = await openShopInProcesses(nats.url);
try {
  const cookie = await guestCookie();
  const falls: Fall[] = [];
  for (const service of names) falls.push(await fall(shop, service, cookie));
  await report(falls);
} finally {
  await shop.close();
  await nats[Symbol.asyncDispose]();
}

async function fall(shop: ShopInProcesses, service: ServiceName, cookie: string): Promise<Fall> {
  const watching = new AbortController();
  const others = names.filter((name) => name !== service);
  const counts = { asked: 0, succeeded: 0 };
  const watched = others.map(async (name) => {
    while (!watching.signal.aborted) {
      counts.asked++;
      if (await succeeds(name, cookie)) counts.succeeded++;
      await sleep(ASK_EVERY_MS);
    }
  });
  await sleep(500);
  await shop.stop(service, 'SIGKILL');
  const away = (async () => {
    const untilMs = Date.now() + AWAY_MS;
    while (Date.now() < untilMs) {
      await succeeds(service, cookie);
      await sleep(ASK_EVERY_MS);
    }
  })();
  await away;
  await shop.start(service);
  const backMs = performance.now();
  while (!(await succeeds(service, cookie))) await sleep(10);
  const recoveryMs = performance.now() - backMs;
  await sleep(500);
  watching.abort();
  await Promise.all(watched);
  return { service, ...counts, recoveryMs };
}

async function succeeds(name: ServiceName, cookie: string): Promise<boolean> {
  const { path, body, accepts = 200 } = asks[name]!;
  const headers = { cookie, 'sec-fetch-site': 'same-origin', ...(body && { 'content-type': 'application/json' }) };
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const response = await fetch(shop.url + path, { ...init, headers }).catch(() => undefined);
  await response?.arrayBuffer();
  return response?.status === accepts;
}

async function guestCookie(): Promise<string> {
  const response = await fetch(`${shop.url}/api/gateway/session`);
  return response.headers.getSetCookie()[0]!.split(';')[0]!;
}

async function report(falls: readonly Fall[]): Promise<void> {
  await keepResult('shop-failure', { awayMs: AWAY_MS, falls, target: TARGET });
  for (const { service, asked, succeeded, recoveryMs } of falls) {
    const share = ((100 * succeeded) / asked).toFixed(2);
    console.log(`${service} killed: ${share} % of ${asked} to the others, back after ${recoveryMs.toFixed(0)} ms`);
  }
  console.log(`target ${100 * TARGET.othersSucceed} % to the others, back within ${TARGET.recoveryMs} ms`);
  const isMissed = (one: Fall) =>
    one.succeeded / one.asked < TARGET.othersSucceed || one.recoveryMs > TARGET.recoveryMs;
  if (falls.some(isMissed)) process.exitCode = 1;
}
