import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Caller, openReadOnlyStore, startHost } from 'relearn';
import { temporaryHome } from 'relearn/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { orderPlaced } from '../../store/orders/contract.ts';
import { userDeleted } from '../../store/users/contract.ts';
import { recommenderContract } from './contract.ts';
import recommender from './main.ts';
import { teller } from './teller.fixture.ts';

const guest: Caller = { kind: 'guest', visitorId: 'guest-of-ada' };
const ada: Caller = { kind: 'shopper', userId: 'ada', sessionId: 's1', visitorId: 'guest-of-ada' };
const bob: Caller = { kind: 'shopper', userId: 'bob', sessionId: 's2' };
const foreign = { code: 'recommender.person-foreign', status: 403 };

async function opened(path?: string) {
  const home = path === undefined ? await temporaryHome() : undefined;
  const told = teller();
  const host = await startHost({
    services: [recommender, told],
    home: path ?? home!.path,
    listen: false,
    env: { LOG_LEVEL: 'silent' },
  });
  onTestFinished(async () => {
    await host.close();
    await home?.[Symbol.asyncDispose]();
  });
  const as = (caller?: Caller) => host.client(recommenderContract, caller);
  const historyOf = async (userId: string) =>
    (await as().getHistory({ params: { userId }, query: {} })).interactions.map(({ kind, itemId }) => [kind, itemId]);
  return { host, home: path ?? home!.path, as, historyOf, tell: told.tell };
}

const view = (itemId: string, more = {}) => ({ kind: 'view', itemId, ...more });
const order = (owner: object) => ({
  orderId: 'order-1',
  number: 'X',
  revision: 1,
  status: 'reserving' as const,
  reason: null,
  happened: 'place',
  atMs: Date.now(),
  total: { amountMinor: 3998, currency: 'EUR' },
  lines: [
    { productId: 'tea', quantity: 2, unitPrice: { amountMinor: 1999, currency: 'EUR' }, decisionId: 'd1', slot: 3 },
    { productId: 'pot', quantity: 1, unitPrice: { amountMinor: 0, currency: 'EUR' } },
  ],
  ...owner,
});

describe('people', () => {
  test('tell of themselves, named or not, and of nobody else', async () => {
    const { as, historyOf } = await opened();
    const report = await as(ada).recordInteractions({
      body: {
        interactions: [
          view('tea'),
          view('pot', { userId: 'ada' }),
          view('cup', { userId: 'bob' }),
          view('jug', { visitorId: 'guest-of-bob' }),
        ],
      },
    });
    expect(report).toMatchObject({
      accepted: 2,
      refused: [
        { index: 2, code: 'recommender.interaction-person-foreign' },
        { index: 3, code: 'recommender.interaction-person-foreign' },
      ],
    });
    expect(await historyOf('ada')).toEqual([
      ['view', 'pot'],
      ['view', 'tea'],
    ]);
    expect(await historyOf('bob')).toEqual([]);
  });

  test('ask for themselves alone; services ask for anybody', async () => {
    const { as } = await opened();
    const basket = ['tea'];
    for (const stranger of [guest, bob]) {
      const client = as(stranger);
      const userId = 'ada';
      await expect(client.forYou({ body: { userId } })).rejects.toMatchObject(foreign);
      await expect(client.buyAgain({ body: { userId } })).rejects.toMatchObject(foreign);
      await expect(client.goesWith({ body: { userId, basket } })).rejects.toMatchObject(foreign);
      await expect(client.popular({ body: { userId } })).rejects.toMatchObject(foreign);
      expect(await client.forYou({ body: {} })).toMatchObject({ items: [] });
    }
    await expect(as({ kind: 'anonymous' }).popular({ body: { userId: 'ada' } })).rejects.toMatchObject(foreign);
    await expect(as({ kind: 'anonymous' }).forYou({ body: {} })).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(as().forYou({ body: {} })).rejects.toMatchObject({ code: 'recommender.person-ambiguous' });
    expect(await as().forYou({ body: { userId: 'ada' } })).toMatchObject({ items: [] });
  });

  test('are known again by what they did before they signed in', async () => {
    const { as, host } = await opened();
    const buy = (itemId: string) => ({ kind: 'purchase', itemId });
    await as(guest).recordInteractions({ body: { interactions: [buy('tea')] } });
    await as({ ...bob, userId: 'carl' }).recordInteractions({ body: { interactions: [buy('tea'), buy('pot')] } });
    const offered = async (caller: Caller) => (await as(caller).forYou({ body: {} })).items.map(({ itemId }) => itemId);
    expect(await offered(bob)).toEqual(expect.arrayContaining(['tea', 'pot']));
    expect(await offered(ada)).toEqual(['pot']);
    const { decisionId } = await as(ada).forYou({ body: {} });
    const decision = await host.client(recommender.contract).getDecision({ params: { id: decisionId } });
    expect(decision).toMatchObject({ unit: 'u:ada', features: { through: 3, guest: 0 } });
    expect(JSON.stringify(decision)).not.toContain('guest-of-ada');
  });

  test('have what they ordered counted as bought, once, with what led to it', async () => {
    const { host, tell, historyOf, home } = await opened();
    const placed = order({ userId: 'ada', visitorId: 'guest-of-ada' });
    await tell(orderPlaced, placed);
    await tell(orderPlaced, placed);
    const bought = [
      ['purchase', 'pot'],
      ['purchase', 'tea'],
    ];
    await expect.poll(() => historyOf('ada')).toEqual(bought);
    await tell(orderPlaced, { ...placed, orderId: 'order-2', lines: [] });
    await tell(orderPlaced, { ...order({ visitorId: 'guest-of-bob' }), orderId: 'order-3' });
    await tell(orderPlaced, { ...order({}), orderId: 'order-4' });
    await expect.poll(async () => (await purchasesIn(home)).length).toBe(4);
    await host.close();
    const again = await opened(home);
    await again.tell(orderPlaced, placed);
    await again.tell(orderPlaced, { ...placed, orderId: 'order-5', lines: placed.lines.slice(1) });
    await expect.poll(async () => (await again.historyOf('ada')).length).toBe(3);
    const [tea, pot] = [
      { item: 'tea', quantity: 2, value: 39.98, decision: 'd1', slot: 3 },
      { item: 'pot', quantity: 1, value: 0, decision: null, slot: null },
    ];
    const [ofAda, ofBob] = [{ person: 'u:ada' }, { person: 'v:guest-of-bob', basket: 'order-3' }];
    expect(await purchasesIn(home)).toEqual([
      { ...tea, ...ofAda, basket: 'order-1', at_ms: placed.atMs },
      { ...pot, ...ofAda, basket: 'order-1', at_ms: placed.atMs },
      { ...tea, ...ofBob, at_ms: expect.any(Number) },
      { ...pot, ...ofBob, at_ms: expect.any(Number) },
      { ...pot, ...ofAda, basket: 'order-5', at_ms: placed.atMs },
    ]);
  });
});

test('what was in view is kept once for each slot, and says nothing of what is wanted', async () => {
  const { as, historyOf } = await opened();
  const seen = (slot: number) => ({ kind: 'impression', itemId: 'tea', decisionId: 'd1', slot });
  const interactions = [seen(0), seen(1), seen(0), { kind: 'impression', itemId: 'tea' }];
  expect(await as(ada).recordInteractions({ body: { interactions } })).toMatchObject({
    accepted: 2,
    duplicates: 1,
    refused: [{ index: 3, code: 'recommender.interaction-impression-unplaced' }],
  });
  expect(await historyOf('ada')).toEqual([]);
});

test('who is deleted is forgotten, with the guest they were, for good', async () => {
  const { as, tell, historyOf, host, home } = await opened();
  const ai = host.client(recommender.contract);
  const mug = view('mug', { decisionId: 'd1', slot: 0 });
  await as(guest).recordInteractions({ body: { interactions: [view('cup')] } });
  await as(bob).recordInteractions({ body: { interactions: [view('tea')] } });
  await as(ada).recordInteractions({
    body: { interactions: [view('pot'), view('jug'), { ...mug, kind: 'impression' }] },
  });
  await tell(orderPlaced, order({ userId: 'ada' }));
  await expect.poll(async () => (await historyOf('ada')).length).toBe(4);
  const { decisionId } = await as(ada).forYou({ body: {} });
  const predicted = await ai.predict({ body: { surface: 'for-you', userId: 'ada' } });
  expect(await everythingIn(home)).toMatch(/ada/);

  await tell(userDeleted, { userId: 'ada', visitorIds: ['guest-of-ada'], deletedAtMs: Date.now() });
  await expect.poll(() => historyOf('ada')).toEqual([]);
  const { users } = await as().listUsers({ query: {} });
  expect(users.map(({ userId }) => userId)).toEqual(['bob']);
  // A page that was left open, and an event that comes late.
  expect(await as(ada).recordInteractions({ body: { interactions: [mug] } })).toMatchObject({
    accepted: 0,
    refused: [{ index: 0, code: 'recommender.interaction-person-forgotten' }],
  });
  const { decisionId: afterwards } = await as(ada).forYou({ body: {} });
  expect(await ai.getDecision({ params: { id: afterwards } })).toMatchObject({ unit: 'nobody' });
  await tell(orderPlaced, { ...order({ userId: 'ada' }), orderId: 'order-2' });

  await expect.poll(() => everythingIn(home)).toMatch(/order\.placed\.v1.*order\.placed\.v1/);
  await expect.poll(() => everythingIn(home)).not.toMatch(/ada/);
  await host.close();
  expect(await everythingIn(home)).not.toMatch(/ada/);
  const again = await opened(home);
  expect(await again.historyOf('bob')).toEqual([['view', 'tea']]);
  for (const id of [decisionId, predicted.decisionId]) {
    const decision = again.host.client(recommender.contract).getDecision({ params: { id } });
    await expect(decision).rejects.toMatchObject({ status: 404 });
  }
});

async function purchasesIn(home: string) {
  const store = await openReadOnlyStore(join(home, 'recommender', 'recommender.db'));
  const rows = await store
    .prepare(
      `SELECT people.name AS person, items.name AS item, at_ms, quantity, value, basket, decision, slot
       FROM interactions JOIN people ON people.id = person JOIN items ON items.id = item ORDER BY sequence`,
    )
    .all();
  await store.close();
  return rows;
}

/** Every row of every table that the recommender keeps; less the keys of messages that it took, which the inbox knows for two weeks. */
async function everythingIn(home: string): Promise<string> {
  const rows: unknown[] = [];
  const folder = join(home, 'recommender');
  for (const file of (await readdir(folder)).filter((name) => name.endsWith('.db'))) {
    const store = await openReadOnlyStore(join(folder, file));
    const tables = await store.prepare<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'").all();
    for (const { name } of tables) {
      const columns = name === 'relearn_inbox' ? 'type, state, message' : '*';
      rows.push(...(await store.prepare(`SELECT ${columns} FROM ${name}`).all()));
    }
    await store.close();
  }
  return JSON.stringify(rows);
}
