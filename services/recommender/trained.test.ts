import { readdir, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { aiContract, type ClientOf, connect, type Host, ownToken, type Store, startHost } from 'relearn';
import { type TemporaryHome, temporaryHome } from 'relearn/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { catalogContract } from '../../store/catalog/contract.ts';
import catalog from '../../store/catalog/main.ts';
import { recommenderContract, type Slate } from './contract.ts';
import { madeUpTastes, teas, tools } from './made-up-tastes.fixture.ts';
import recommender from './main.ts';

/*
 * One shop, in the order of a deployment's life: before any version, trained, a full disk, restarts. Each test goes on from the one before.
 */

const contract = aiContract(recommender.definition);

let home: TemporaryHome;
let host: Host;
let client: ClientOf<typeof recommenderContract> & AsyncDisposable;
let ai: ClientOf<typeof contract> & AsyncDisposable;
let store: Store;

async function start(): Promise<void> {
  const watched = {
    ...recommender,
    setup(context: Parameters<typeof recommender.setup>[0]) {
      store = context.store;
      return recommender.setup(context);
    },
  };
  host = await startHost({
    services: [catalog, watched],
    home: home.path,
    env: { PORT: '0', LOG_LEVEL: 'silent' },
  });
  const token = await ownToken(home.path);
  client = connect(recommenderContract, { url: host.url, attemptsMax: 1, token });
  ai = connect(contract, { url: host.url, token });
}

async function stop(): Promise<void> {
  await client[Symbol.asyncDispose]();
  await ai[Symbol.asyncDispose]();
  await host.close();
}

const product = (id: string, category: string, more = {}) => ({
  id,
  title: id,
  price: { amountMinor: 1_000, currency: 'EUR' },
  categories: [category],
  tags: [category],
  stock: 3,
  ...more,
});

async function putProducts(...products: object[]): Promise<void> {
  const { refused } = await host.client(catalogContract).upsertProducts({ body: { products } });
  expect(refused).toEqual([]);
}

async function train(): Promise<string> {
  const { id } = await ai.train({ body: {} });
  await vi.waitUntil(async () => (await ai.getTraining({ params: { id } })).state !== 'running', {
    timeout: 60_000,
    interval: 50,
  });
  const run = await ai.getTraining({ params: { id } });
  expect(run).toMatchObject({ state: 'succeeded' });
  return run.version!;
}

const ids = ({ items }: Slate) => items.map(({ itemId }) => itemId);
const isTea = (id: string) => teas.includes(id) || ['milk', 'pot', 'cup', 'tea-new'].includes(id);

beforeAll(async () => {
  home = await temporaryHome();
  await start();
  const interactions = madeUpTastes(Date.now());
  expect(await client.recordInteractions({ body: { interactions } })).toMatchObject({
    accepted: interactions.length,
    refused: [],
  });
  const special: Record<string, object> = {
    'tea-1': { active: false },
    'tea-2': { stock: 0 },
    'tea-3': { price: { amountMinor: 9_000, currency: 'EUR' } },
  };
  await putProducts(
    ...[...teas, 'milk', 'pot', 'cup', 'tea-new'].map((id) => product(id, 'tea', special[id])),
    ...tools.map((id) => product(id, 'tools')),
  );
  const listed = { k: 200, categories: ['tea', 'tools'] };
  await vi.waitUntil(async () => (await client.popular({ body: listed })).items.length === 27, {
    timeout: 10_000,
    interval: 100,
  });
}, 60_000);

afterAll(async () => {
  await stop();
  await home[Symbol.asyncDispose]();
});

test('before any version every question is answered, says it is degraded, and the service is ready', async () => {
  for (const slate of [
    await client.forYou({ body: { userId: 'drinker-0' } }),
    await client.goesWith({ body: { basket: ['pot'] } }),
    await client.similarTo({ body: { itemId: 'tea-0' } }),
    await client.popular({ body: {} }),
  ]) {
    expect(slate).toMatchObject({ version: null, degraded: true });
    expect(slate.items.length).toBeGreaterThan(0);
    expect(ids(slate)).not.toContain('tea-1');
  }
  const capped = ids(await client.forYou({ body: { userId: 'drinker-0', diversity: 0.5, categoryMax: 1 } }));
  expect(capped).toHaveLength(2);
  expect(capped.filter(isTea)).toHaveLength(1);
  expect((await fetch(`${host.url}/health/ready`)).status).toBe(200);
  expect(await ai.getStatus({})).toMatchObject({ champion: null, degraded: true });
});

test('a training finds a version, and it answers at once', async () => {
  const version = await train();
  expect(await client.forYou({ body: { userId: 'drinker-0' } })).toMatchObject({ version, degraded: false });
  expect(await ai.getStatus({})).toMatchObject({ champion: { id: version }, degraded: false });
}, 60_000);

test('for you: of one’s taste first, new to one, and each for a reason', async () => {
  for (const [userId, mine] of [
    ['drinker-0', isTea],
    ['maker-1', (id: string) => tools.includes(id)],
  ] as const) {
    const { interactions } = await client.getHistory({ params: { userId }, query: { limit: 1000 } });
    const bought = new Set(interactions.map(({ itemId }) => itemId));
    const slate = await client.forYou({ body: { userId, k: 2 } });
    expect(ids(slate).filter((id) => bought.has(id))).toEqual([]);
    expect(ids(slate).filter(mine)).toEqual(ids(slate));
    for (const { reason } of slate.items) {
      expect(reason.text).toMatch(/^[A-Z]/);
      if (reason.kind === 'because-bought') expect(bought).toContain(reason.itemId);
    }
    const withBought = await client.forYou({ body: { userId, k: 30, withBought: true } });
    expect(ids(withBought).some((id) => bought.has(id))).toBe(true);
  }
});

test('an acknowledged interaction changes the next answer', async () => {
  const body = { visitorId: 'just came in', k: 5 };
  expect((await client.forYou({ body })).items.map(({ reason }) => reason.kind)).toEqual(Array(5).fill('popular'));
  await client.recordInteractions({
    body: { interactions: [{ kind: 'view', visitorId: body.visitorId, itemId: 'tool-4' }] },
  });
  const slate = await client.forYou({ body });
  expect(tools).toContain(slate.items[0]?.itemId);
  expect(slate.items[0]?.reason).toMatchObject({ kind: 'because-viewed', itemId: 'tool-4' });
  await client.recordInteractions({
    body: {
      interactions: [
        { kind: 'purchase', visitorId: body.visitorId, itemId: slate.items[0]!.itemId, decisionId: slate.decisionId },
      ],
    },
  });
  expect(ids(await client.forYou({ body }))).not.toContain(slate.items[0]!.itemId);
});

test('goes with, similar to, popular and buy again each answer their own question', async () => {
  const goesWith = await client.goesWith({ body: { basket: ['pot'], k: 1 } });
  expect(goesWith.items).toMatchObject([{ itemId: 'cup', reason: { kind: 'goes-with', itemId: 'pot' } }]);
  const similar = await client.similarTo({ body: { itemId: 'tool-0', k: 4 } });
  expect(ids(similar).filter((id) => !tools.includes(id) || id === 'tool-0')).toEqual([]);
  expect(similar.items[0]?.reason).toMatchObject({ kind: 'similar-to', itemId: 'tool-0' });
  const popular = await client.popular({ body: { k: 3 } });
  expect(ids(popular)).toContain('milk');
  expect(popular.items[0]?.reason.kind).toBe('popular');
  const again = await client.buyAgain({ body: { userId: 'drinker-0', k: 1 } });
  expect(again.items).toMatchObject([{ itemId: 'milk', reason: { kind: 'buy-again' } }]);
});

test('filters, exclusions and retirement hold on every surface', async () => {
  const k = 200;
  const ask = {
    'for-you': (more: object) => client.forYou({ body: { userId: 'drinker-2', k, withBought: true, ...more } }),
    'goes-with': (more: object) => client.goesWith({ body: { basket: ['tea-0'], k, ...more } }),
    'similar-to': (more: object) => client.similarTo({ body: { itemId: 'tea-0', k, ...more } }),
    popular: (more: object) => client.popular({ body: { k, ...more } }),
    'buy-again': (more: object) => client.buyAgain({ body: { userId: 'drinker-2', k, ...more } }),
  };
  for (const surface of Object.values(ask)) {
    expect(ids(await surface({})).length).toBeGreaterThan(0);
    expect(ids(await surface({}))).not.toContain('tea-1');
    expect(ids(await surface({ inStock: true }))).not.toContain('tea-2');
    expect(ids(await surface({ priceMaxMinor: 5_000 }))).not.toContain('tea-3');
    expect(ids(await surface({ categories: ['tools'] })).filter((id) => !tools.includes(id))).toEqual([]);
    expect(
      ids(await surface({ exclude: ['milk', 'pot', 'nobody knows it'] })).filter((id) => /milk|pot/.test(id)),
    ).toEqual([]);
    expect(ids(await surface({ categories: ['no such'] }))).toEqual([]);
    const all = ids(await surface({}));
    expect(new Set(all).size).toBe(all.length);
  }
  expect(ids(await ask.popular({ priceMinMinor: 5_000 }))).toEqual(['tea-3']);
});

test('for you: unlike items and categories in measure where asked for, in a version and without one', async () => {
  const ask = async (more: object) =>
    ids(await client.forYou({ body: { userId: 'drinker-2', withBought: true, ...more } }));
  const plain = await ask({ k: 4 });
  expect(await ask({ k: 4, diversity: 0 })).toEqual(plain);
  expect(plain.every(isTea)).toBe(true);
  const diverse = await ask({ k: 4, diversity: 0.9 });
  expect(diverse).toHaveLength(4);
  expect(diverse[0]).toBe(plain[0]);
  expect(diverse.every(isTea)).toBe(false);
  expect((await ask({ k: 200, diversity: 0.9 })).toSorted()).toEqual((await ask({ k: 200 })).toSorted());
  for (const more of [{}, { diversity: 0.5 }]) {
    const capped = await ask({ k: 10, categoryMax: 2, ...more });
    expect(capped.filter(isTea)).toHaveLength(2);
    expect(capped.filter((id) => tools.includes(id))).toHaveLength(2);
    expect(capped).toHaveLength(4);
  }
  expect(await ask({ k: 4, categoryMax: 200 })).toEqual(plain);
});

test('nobody known gets what is popular, nothing to buy again, and unknown items go with nothing', async () => {
  const slate = await client.forYou({ body: { userId: 'never seen', k: 5 } });
  expect(slate.degraded).toBe(false);
  expect(slate.items.map(({ reason }) => reason.kind)).toEqual(Array(5).fill('popular'));
  expect(ids(await client.buyAgain({ body: { userId: 'never seen' } }))).toEqual([]);
  expect(ids(await client.goesWith({ body: { basket: ['nobody knows it'] } }))).toEqual([]);
  await expect(client.similarTo({ body: { itemId: 'nobody knows it' } })).rejects.toMatchObject({
    code: 'recommender.item-unknown',
  });
});

test('an item that nobody has touched is shown to those who may like it, and said to be new', async () => {
  const slate = await client.forYou({ body: { userId: 'drinker-4', k: 10 } });
  expect(slate.items.find(({ itemId }) => itemId === 'tea-new')?.reason.kind).toBe('new');
  expect(ids(await client.forYou({ body: { userId: 'maker-5', k: 10 } }))).not.toContain('tea-new');
  expect(ids(await client.similarTo({ body: { itemId: 'tea-new', k: 5 } })).every(isTea)).toBe(true);
});

test('an item retired now is gone from the next answers', async () => {
  expect(ids(await client.popular({ body: { k: 200 } }))).toContain('tea-4');
  await putProducts(product('tea-4', 'tea', { active: false }));
  await vi.waitUntil(async () => !ids(await client.popular({ body: { k: 200 } })).includes('tea-4'), {
    timeout: 10_000,
    interval: 50,
  });
  expect(ids(await client.forYou({ body: { userId: 'drinker-6', k: 200, withBought: true } }))).not.toContain('tea-4');
});

test('on a full disk answers go on, ingest and readiness say so, and both come back with the space', async () => {
  const limitPages = (pages: number) => store.transact((tx) => tx.prepare(`PRAGMA max_page_count = ${pages}`).get());
  const { page_count: pages } = (await store.prepare<{ page_count: number }>('PRAGMA page_count').get())!;
  await limitPages(pages + 2);
  const context = { note: 'x'.repeat(400) };
  const interactions = Array.from({ length: 500 }, (_, at) => ({
    id: `full ${at}`,
    kind: 'view',
    userId: 'late',
    itemId: 'tea-0',
    context,
  }));
  await expect(client.recordInteractions({ body: { interactions } })).rejects.toMatchObject({
    status: 503,
    code: 'store-unavailable',
  });
  const unready = await fetch(`${host.url}/health/ready`);
  expect(unready.status).toBe(503);
  expect(await unready.json()).toMatchObject({
    reasons: { recommender: { store: expect.stringMatching('disk is full') } },
  });
  expect(ids(await client.forYou({ body: { userId: 'drinker-0', k: 5 } }))).toHaveLength(5);
  expect((await client.getHistory({ params: { userId: 'late' }, query: {} })).interactions).toEqual([]);
  await limitPages(2 ** 30);
  expect(await client.recordInteractions({ body: { interactions } })).toMatchObject({ accepted: 500, duplicates: 0 });
  expect((await fetch(`${host.url}/health/ready`)).status).toBe(200);
});

test('a truncated model file is refused after a restart, and the last good version answers', async () => {
  const [before, damaged] = [(await ai.getStatus({})).champion!.id, await train()];
  await ai.promoteVersion({ params: { id: damaged } });
  const { artifact, sizeBytes } = await ai.getVersion({ params: { id: damaged } });
  const folder = join(home.path, 'recommender', 'artifacts');
  const files = await readdir(folder, { recursive: true });
  const file = files.find((each) => each.endsWith(artifact) || each.replace('/', '').endsWith(artifact));
  await stop();
  await truncate(join(folder, file!), Math.floor(sizeBytes / 2));
  await start();
  expect(await ai.getVersion({ params: { id: damaged } })).toMatchObject({ state: 'refused' });
  const slate = await client.forYou({ body: { userId: 'drinker-0', k: 2 } });
  expect(slate).toMatchObject({ version: before, degraded: false });
  expect(ids(slate).every(isTea)).toBe(true);
}, 60_000);
