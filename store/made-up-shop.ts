import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeShop, type Shop, type ShopClients, startShoppers, stockShop, writePictures } from './simulator/index.ts';

const SEED = 1;

/** Visits of simulated shoppers a second: enough to see the shop live, too little to be felt. */
const VISITS_PER_S = 0.5;

/** A shop whose history has been handed over. */
export type OpenShop = Omit<Shop, 'interactions'>;

/** Where the made-up shop keeps what its pages show: pictures, and whom the shop can be looked at as. */
export function madeUpShopFolder(home: string): string {
  return join(home, 'shop');
}

/**
 * The made-up shop, the same at every start: its history ends on the day it was first opened, which is remembered. Products, people
 * and history are written where they are not yet; about a second the first time.
 */
export async function openMadeUpShop(clients: ShopClients, home: string, nowMs: number): Promise<OpenShop> {
  const folder = madeUpShopFolder(home);
  await mkdir(folder, { recursive: true });
  const openedAtMs = await rememberedTime(join(folder, 'opened-at-ms'), nowMs);
  const { interactions, ...shop } = makeShop(SEED, { nowMs: openedAtMs });
  await writePictures(shop.products, join(folder, 'pictures'));
  await stockShop({ ...shop, interactions }, clients);
  return shop;
}

/** Lets simulated shoppers go on; returns what sends them home. */
export function letShoppersIn(shop: OpenShop, clients: ShopClients): () => Promise<void> {
  const closing = new AbortController();
  const { done } = startShoppers({
    ...clients,
    shop,
    rate: VISITS_PER_S,
    seed: Date.now(),
    signal: closing.signal,
    clock: Date.now,
  });
  return async () => {
    closing.abort();
    await done;
  };
}

async function rememberedTime(path: string, nowMs: number): Promise<number> {
  const remembered = await readFile(path, 'utf8').catch(() => undefined);
  if (remembered !== undefined) return Number(remembered);
  await writeFile(path, String(nowMs));
  return nowMs;
}
