import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SignJWT } from 'jose';
import { type ClientOf, type Contract, connect, genericAiContract, ownToken, untilTrained } from 'relearn';
import { recommenderContract } from '../../services/recommender/contract.ts';
import { catalogContract } from '../catalog/contract.ts';
import { madeUpShopFolder, openMadeUpShop } from '../made-up-shop.ts';
import { openShopAccounts } from '../open-shop.ts';
import { usersContract } from '../users/contract.ts';
import { buildStorefront } from './build.ts';
import type { TestShop } from './test-shop.fixture.ts';

const root = resolve(import.meta.dirname, '../..');
const names = ['users', 'catalog', 'recommender', 'payment-sandbox', 'orders', 'cart', 'gateway'] as const;
const SERVICE_SECRET = 'a secret that all the processes of a test share';

export type ServiceName = (typeof names)[number];

/** A shop of which every service runs in a process of its own: `relearn start NAME`. */
export interface ShopInProcesses extends TestShop {
  /** A client of a service, where it runs; as a guest or as another service. */
  client<C extends Contract>(contract: C, visitorId?: string): ClientOf<C>;
  /** Ends a service with this signal. */
  stop(name: ServiceName, signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again, where it was. */
  start(name: ServiceName): Promise<void>;
}

/** @param natsUrl - The server over which events go from process to process. */
export async function openShopInProcesses(natsUrl: string): Promise<ShopInProcesses> {
  const home = await mkdtemp(join(tmpdir(), 'shop-'));
  const ports = await freePorts(names.length);
  const urls = Object.fromEntries(names.map((name, place) => [name, `http://127.0.0.1:${ports[place]}`]));
  const processes = new Map<ServiceName, ChildProcess>();
  await buildStorefront();

  async function start(name: ServiceName): Promise<void> {
    const child = spawn(process.execPath, [join(root, 'bin/relearn.js'), 'start', name], {
      cwd: root,
      env: { ...process.env, ...environmentOf(name, { home, urls, natsUrl }) },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    processes.set(name, child);
    await untilReady(`${urls[name]}/health/live`, child);
  }

  async function stop(name: ServiceName, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = processes.get(name);
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  }

  await Promise.all(names.map(start));
  const token = await ownToken(home, { SERVICE_SECRET });
  const connections: AsyncDisposable[] = [];
  const client = <C extends Contract>(contract: C, visitorId?: string): ClientOf<C> => {
    const as = visitorId === undefined ? token : () => guestToken(visitorId);
    const connection = connect(contract, { url: urls[contract.name]!, token: as });
    connections.push(connection);
    return connection;
  };
  const [catalog, recommender, users] = [client(catalogContract), client(recommenderContract), client(usersContract)];
  const ai = client(genericAiContract('recommender'));
  const gatewayHome = join(home, 'gateway');
  await mkdir(join(madeUpShopFolder(gatewayHome), 'pictures'), { recursive: true });
  const accounts = await openShopAccounts(users, { home: gatewayHome, isMadeUp: true });
  await openMadeUpShop({ catalog, recommender }, gatewayHome, Date.now());
  await untilTrained(ai, { reason: 'a shop to look at', budget: { timeMs: 1_000 } });
  return {
    url: urls.gateway!,
    recommender,
    accounts,
    client,
    start,
    stop,
    async close() {
      await Promise.all(connections.map((connection) => connection[Symbol.asyncDispose]()));
      await Promise.all(names.map((name) => stop(name)));
      await rm(home, { recursive: true });
    },
  };
}

/** As a host signs it. */
function guestToken(visitorId: string): Promise<string> {
  return new SignJWT({ kind: 'guest' })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(visitorId)
    .setIssuer('relearn')
    .setAudience('relearn')
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(SERVICE_SECRET));
}

function environmentOf(
  name: ServiceName,
  { home, urls, natsUrl }: { home: string; urls: Record<string, string>; natsUrl: string },
): Record<string, string> {
  const others = Object.entries(urls).filter(([other]) => other !== name);
  const variable = (other: string) => `${other.toUpperCase().replaceAll('-', '_')}_URL`;
  return {
    ...Object.fromEntries(others.map(([other, url]) => [variable(other), url])),
    IDENTITY_URL: urls.users!,
    NATS_URL: natsUrl,
    SERVICE_SECRET,
    SHOP_URL: urls.gateway!,
    RELEARN_HOME: join(home, name),
    PORT: new URL(urls[name]!).port,
    LOG_LEVEL: 'silent',
    RATE_PER_S: '1000',
    RATE_BURST: '5000',
  };
}

const READY_MS_MAX = 60_000;

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  const untilMs = Date.now() + READY_MS_MAX;
  while (Date.now() < untilMs && child.exitCode === null) {
    const isReady = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    await sleep(50);
  }
  throw new Error(`${url} was never ready; the process ended with ${child.exitCode}.`);
}

/** Ports that nobody listened on a moment ago. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return ports;
}
