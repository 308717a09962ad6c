import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Product } from '../store/catalog/contract.ts';
import { keepResult } from './keep-result.ts';
import { type LoadRun, load } from './wrk.ts';

/**
 * The whole store behind its gateway in one process, over HTTP: guests who browse, fill carts and check out, and then orders alone, each on disk before
 * its reply. Server and `wrk` share the machine's cores.
 */

const USERS = 3_000;
const ITEMS = 3_000;
const GUESTS = 256;
const CONNECTIONS = 64;
const WARM_UP_S = 5;
const RUN_S = 10;
const RUNS = 3;
const TARGET = { mixPerSecond: 2_000, mixP99Ms: 80, ordersPerSecond: 300 };

/** Of a thousand requests; a visit looks at a lot, and one in some thirty requests is an order. */
const MIX = {
  search: 180,
  product: 220,
  lookup: 100,
  forYou: 120,
  similarTo: 80,
  interactions: 80,
  getCart: 70,
  addLine: 60,
  removeLine: 40,
  quote: 30,
  order: 20,
} as const;

const home = await mkdtemp(join(tmpdir(), 'shop-load-'));
const server = fork(join(import.meta.dirname, 'shop.process.ts'), [home, `${USERS}`, `${ITEMS}`]);
try {
  const [{ url }] = (await once(server, 'message')) as [{ url: string }];
  const script = await askScript(url);
  const runsOf = async (mix: Readonly<Record<string, number>>) => {
    const scriptPath = join(home, 'ask.lua');
    const ask = (seconds: number) =>
      load({ url, script: script + chooser(mix), scriptPath, connections: CONNECTIONS, seconds });
    await ask(WARM_UP_S);
    const runs: LoadRun[] = [];
    for (let run = 0; run < RUNS; run++) runs.push(await ask(RUN_S));
    return runs;
  };
  const mix = await runsOf(MIX);
  const orders = await runsOf({ order: 1 });
  await report(mix, orders);
} finally {
  server.kill('SIGTERM');
  await once(server, 'exit');
  await rm(home, { recursive: true, force: true });
}

/** Requests of every kind, each of a guest with a cookie of its own. */
async function askScript(url: string): Promise<string> {
  const cookies = await Promise.all(Array.from({ length: GUESTS }, () => cookieOf(url)));
  const response = await fetch(`${url}/api/catalog/products?limit=100`);
  const { products } = (await response.json()) as { products: Product[] };
  const list = (values: readonly string[]) => `{ ${values.map((value) => JSON.stringify(value)).join(', ')} }`;
  return `
math.randomseed(11)
local cookies = ${list(cookies)}
local items = ${list(products.map(({ id }) => id))}
local prices = { ${products.map(({ price }) => price.amountMinor).join(', ')} }
local currency = ${JSON.stringify(products[0]!.price.currency)}
local words = { "tea", "lamp", "blue", "wool", "steel" }
local asked = 0
local ask = {}
local function send(method, path, body, key)
  local headers = { ["Cookie"] = cookies[math.random(#cookies)], ["Sec-Fetch-Site"] = "same-origin" }
  if body then headers["Content-Type"] = "application/json" end
  asked = asked + 1
  if key then headers["Idempotency-Key"] = "k" .. asked .. "-" .. math.random(1e9) end
  return wrk.format(method, path, headers, body)
end
local function item() local at = math.random(#items); return items[at], prices[at] end
local function line()
  local id, price = item()
  return string.format('{"productId":"%s","quantity":1,"unitPrice":{"amountMinor":%d,"currency":"%s"}}', id, price, currency)
end
function ask.search() return send("GET", "/api/catalog/search?q=" .. words[math.random(#words)]) end
function ask.product() return send("GET", "/api/catalog/products/" .. item()) end
function ask.lookup() return send("POST", "/api/catalog/products/lookup", string.format('{"ids":["%s","%s","%s"]}', item(), (item()), (item()))) end
function ask.forYou() return send("POST", "/api/recommender/for-you", '{"k":9}') end
function ask.similarTo() return send("POST", "/api/recommender/similar-to", string.format('{"itemId":"%s","k":6}', (item()))) end
function ask.interactions() return send("POST", "/api/recommender/interactions", string.format('{"interactions":[{"kind":"view","itemId":"%s"}]}', (item()))) end
function ask.getCart() return send("GET", "/api/cart/cart") end
function ask.addLine() return send("POST", "/api/cart/cart/lines", string.format('{"productId":"%s"}', items[math.random(8)]), true) end
function ask.removeLine() return send("DELETE", "/api/cart/cart/lines/" .. items[math.random(8)]) end
function ask.quote() return send("POST", "/api/orders/quotes", string.format('{"country":"DE","lines":[%s]}', line())) end
function ask.order() return send("POST", "/api/orders/orders", string.format('{"email":"guest@example.org","address":{"name":"Ada","street":"1 Mill Lane","postalCode":"10115","city":"Berlin","country":"DE"},"lines":[%s]}', line()), true) end
`;
}

async function cookieOf(url: string): Promise<string> {
  const response = await fetch(`${url}/api/gateway/session`);
  const [cookie] = response.headers.getSetCookie()[0]!.split(';');
  return cookie!;
}

/** Draws the next request by these weights. */
function chooser(mix: Readonly<Record<string, number>>): string {
  const drawn = Object.entries(mix).flatMap(([kind, weight]) => Array.from({ length: weight }, () => kind));
  return `
local drawn = { ${drawn.map((kind) => JSON.stringify(kind)).join(', ')} }
request = function() return ask[drawn[math.random(#drawn)]]() end
`;
}

async function report(mix: readonly LoadRun[], orders: readonly LoadRun[]): Promise<void> {
  const best = (runs: readonly LoadRun[]) =>
    runs.reduce((most, run) => (run.requestsPerSecond > most.requestsPerSecond ? run : most));
  await keepResult('shop-load', { users: USERS, items: ITEMS, connections: CONNECTIONS, mix, orders, target: TARGET });
  for (const [name, runs] of [
    ['mix', mix],
    ['orders', orders],
  ] as const) {
    for (const { requestsPerSecond, p50Ms, p99Ms, failed } of runs) {
      const rate = `${requestsPerSecond.toFixed(0)}/s`;
      console.log(`${name}: ${rate}, p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms, ${failed} failed`);
    }
  }
  console.log(
    `target: mix ${TARGET.mixPerSecond}/s, p99 under ${TARGET.mixP99Ms} ms; orders ${TARGET.ordersPerSecond}/s; none failed; best of ${RUNS} runs counts`,
  );
  const ordered = best(orders);
  const failed = [...mix, ...orders].some((run) => run.failed > 0);
  const isReached = (run: LoadRun) => run.requestsPerSecond >= TARGET.mixPerSecond && run.p99Ms <= TARGET.mixP99Ms;
  if (failed || !mix.some(isReached) || ordered.requestsPerSecond < TARGET.ordersPerSecond) process.exitCode = 1;
}
