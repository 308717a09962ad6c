import { type Access, type Caller, type ClientOf, type Contract, type Host, mayCall, startHost } from 'relearn';
import { type TemporaryHome, temporaryHome } from 'relearn/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import project from '../relearn.config.ts';
import { recommenderContract } from '../services/recommender/contract.ts';
import { accessTable, type Whose } from './access-table.ts';
import { cartContract } from './cart/contract.ts';
import { catalogContract } from './catalog/contract.ts';
import { ordersContract } from './orders/contract.ts';
import { usersContract } from './users/contract.ts';

const services = await Promise.all(project.services.map(async (load) => (await load()).default));
const contracts: Contract[] = services.map(({ contract }) => contract);
const operations = contracts.flatMap((contract) =>
  Object.entries(contract.operations).map(([name, operation]) => ({ contract, name, operation })),
);

/** What a kind of things may be declared as. */
const accessOf: Readonly<Record<Whose, readonly Access[]>> = {
  all: ['public'],
  link: ['public'],
  own: ['visitor', 'shopper'],
  'own-by-id': ['visitor', 'shopper'],
  staff: ['operator'],
  services: ['service'],
};

const callers: Caller[] = [
  { kind: 'anonymous' },
  { kind: 'guest', visitorId: 'v9' },
  { kind: 'shopper', userId: 'nobody', sessionId: 's9' },
  { kind: 'partner', keyId: 'k9', scopes: [] },
  { kind: 'partner', keyId: 'k9', scopes: ['catalog.read', 'orders.read'] },
  { kind: 'operator', userId: 'nobody', sessionId: 's9' },
  { kind: 'service', name: 'other' },
];

const PASSWORD = 'violet harbour 27';
const SECRET = 'Adas-own-secret-lane';
const address = { name: 'Ada', street: SECRET, postalCode: '10115', city: 'Berlin', country: 'DE' };
const EUR = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });

let home: TemporaryHome;
let host: Host;
let ada: Awaited<ReturnType<typeof settleAda>>;

beforeAll(async () => {
  home = await temporaryHome();
  host = await startHost({ services, home: home.path, listen: false, env: { LOG_LEVEL: 'silent' } });
  ada = await settleAda();
}, 30_000);
afterAll(async () => {
  await host.close();
  await home[Symbol.asyncDispose]();
});

describe('every operation', () => {
  it('says who may call it, in this table too', () => {
    const named = Object.entries(accessTable).flatMap(([service, rows]) =>
      Object.keys(rows).map((name) => `${service}.${name}`),
    );
    expect(named.sort()).toEqual(operations.map(({ contract, name }) => `${contract.name}.${name}`).sort());
    for (const { contract, name, operation } of operations) {
      expect(accessOf[accessTable[contract.name]![name]!], `${contract.name}.${name}`).toContain(operation.access);
    }
  });

  it.each(operations.map((each) => [`${each.contract.name}.${each.name}`, each] as const))(
    '%s refuses those whom it is not for, and no others',
    async (_, { contract, name, operation }) => {
      for (const caller of callers) {
        const asked = { service: contract.name, method: operation.method, access: operation.access };
        const code = await outcomeOf(contract, name, caller, {});
        const isRefused = code === 'unauthenticated' || code === 'forbidden';
        expect(isRefused, `${JSON.stringify(caller)}: ${code}`).toBe(!mayCall(caller, asked));
      }
    },
  );
});

describe('what is one person’s', () => {
  /** Asks that name something of Ada's, as a stranger would who has learnt its id. */
  const asks: Readonly<Record<string, () => object>> = {
    'cart.getCart': () => ({}),
    'cart.addLine': () => ({ body: { productId: 'mug', quantity: 1 } }),
    'cart.setQuantity': () => ({ params: { productId: 'mug' }, body: { quantity: 3 } }),
    'cart.removeLine': () => ({ params: { productId: 'mug' } }),
    'cart.clearCart': () => ({}),
    'cart.acceptPrices': () => ({ body: { lines: [{ productId: 'mug', unitPrice: EUR(1) }] } }),
    'orders.quoteOrder': () => ({
      body: { lines: [{ productId: 'mug', quantity: 1, unitPrice: EUR(1999) }], country: 'DE' },
    }),
    'orders.placeOrder': () => ({
      body: {
        lines: [{ productId: 'mug', quantity: 1, unitPrice: EUR(1999) }],
        email: 'bob@example.org',
        address: { ...address, street: 'elsewhere' },
      },
    }),
    'orders.listOrders': () => ({ query: {} }),
    'orders.getOrder': () => ({ params: { id: ada.orderId } }),
    'orders.watchOrder': () => ({ params: { id: ada.orderId } }),
    'orders.cancelOrder': () => ({ params: { id: ada.orderId } }),
    'users.listSessions': () => ({}),
    'users.endSession': () => ({ params: { id: ada.sessionId } }),
    'users.endOtherSessions': () => ({}),
    'users.getMe': () => ({}),
    'users.changeMe': () => ({ body: { name: 'Bob' } }),
    'users.changeEmail': () => ({ body: { email: 'bobby@example.org', password: PASSWORD } }),
    'users.changePassword': () => ({ body: { currentPassword: PASSWORD, newPassword: 'another harbour 31' } }),
    'users.listAddresses': () => ({}),
    'users.putAddress': () => ({ params: { id: 'home' }, body: { ...address, street: 'elsewhere' } }),
    'users.removeAddress': () => ({ params: { id: 'home' } }),
    'users.exportData': () => ({}),
    'users.deleteMe': () => ({ body: { password: 'not the password' } }),
    'recommender.recordInteractions': () => ({
      body: { interactions: [{ kind: 'view', itemId: 'mug', userId: ada.id }] },
    }),
    'recommender.getOwnHistory': () => ({ query: {} }),
    'recommender.forYou': () => ({ body: { userId: ada.id } }),
    'recommender.goesWith': () => ({ body: { userId: ada.id, basket: ['mug'] } }),
    'recommender.buyAgain': () => ({ body: { userId: ada.id } }),
  };

  const personal = operations
    .map(({ contract, name }) => ({ contract, name, id: `${contract.name}.${name}` }))
    .filter(({ contract, name }) => accessTable[contract.name]![name]!.startsWith('own'));

  it.each(personal.map((each) => [each.id, each] as const))(
    '%s shows and changes nothing of another’s',
    async (id, { contract, name }) => {
      const ask = asks[id];
      expect(ask, `${id} is of somebody's own: say here how a stranger would ask it`).toBeDefined();
      const before = await thingsOfAda();
      expect(before).toContain(SECRET);
      for (const stranger of [ada.bob, { kind: 'guest', visitorId: 'v8' }] as const) {
        const answer = await answerTo(contract, name, stranger, ask!());
        expect(answer).not.toContain(SECRET);
        expect(answer).not.toContain('ada@example.org');
      }
      expect(await thingsOfAda()).toBe(before);
    },
  );

  it.each(['recommender.similarTo', 'recommender.popular'])('%s names nobody else', async (id) => {
    const [, name] = id.split('.');
    const body = { userId: ada.id, ...(name === 'similarTo' && { itemId: 'mug' }) };
    expect(await outcomeOf(recommenderContract, name!, ada.bob, { body })).toBe('recommender.person-foreign');
  });
});

/** Ada, with a cart, an order, an address and a history; and Bob, who has an account too. */
async function settleAda() {
  const users = host.client(usersContract);
  const catalog = host.client(catalogContract);
  await catalog.upsertProducts({ body: { products: [{ id: 'mug', title: 'Mug', price: EUR(1999), stock: 1_000 }] } });
  const account = async (email: string) => {
    const { id } = await users.createUser({ body: { email, password: PASSWORD } });
    const { sessionId } = await users.signIn({ body: { email, password: PASSWORD, address: '192.0.2.1' } });
    return { kind: 'shopper', userId: id, sessionId } as const;
  };
  const [caller, bob] = [await account('ada@example.org'), await account('bob@example.org')];
  await host.client(usersContract, caller).putAddress({ params: { id: 'home' }, body: address });
  await host.client(cartContract, caller).addLine({ body: { productId: 'mug', quantity: 2 } });
  const lines = [{ productId: 'mug', quantity: 1, unitPrice: EUR(1999) }];
  const order = { lines, email: 'ada@example.org', address };
  const { id: orderId } = await host.client(ordersContract, caller).placeOrder({ body: order });
  await vi.waitFor(async () => {
    const { status } = await host.client(ordersContract, caller).getOrder({ params: { id: orderId } });
    const { lines: left } = await host.client(cartContract, caller).getCart({});
    const { interactions } = await host
      .client(recommenderContract)
      .getHistory({ params: { userId: caller.userId }, query: {} });
    expect([status, left[0]?.quantity, interactions.length]).toEqual(['authorising', 1, 1]);
  }, 10_000);
  return { caller, bob, id: caller.userId, sessionId: caller.sessionId, orderId };
}

/** All that is Ada's, as she and those who run the shop see it. */
async function thingsOfAda(): Promise<string> {
  const as = <C extends Contract>(contract: C) => host.client(contract, ada.caller);
  const { lines, revision } = await as(cartContract).getCart({});
  const { interactions } = await host.client(recommenderContract).getHistory({
    params: { userId: ada.id },
    query: {},
  });
  const { exportedAtMs: _, ...exported } = await as(usersContract).exportData({});
  return JSON.stringify({
    cart: { lines, revision },
    orders: await as(ordersContract).listOrders({ query: {} }),
    order: await as(ordersContract).getOrder({ params: { id: ada.orderId } }),
    exported,
    interactions: interactions.map(({ kind, itemId }) => [kind, itemId]),
  });
}

/** The code of the problem that an operation answers, or `answered`. */
async function outcomeOf(contract: Contract, name: string, caller: Caller, request: object): Promise<string> {
  const client = host.client(contract, caller) as unknown as Record<string, (request: object) => Promise<unknown>>;
  return client[name]!(request).then(
    () => 'answered',
    ({ code }: { code?: string }) => code ?? 'failed',
  );
}

/** What somebody gets to see: the reply or the problem, as text; of a stream its first event. */
async function answerTo(contract: Contract, name: string, caller: Caller, request: object): Promise<string> {
  const client = host.client(contract, caller) as unknown as ClientOf<any>;
  try {
    const reply: unknown = await client[name]!(request as never);
    return JSON.stringify(isStream(reply) ? (await reply[Symbol.asyncIterator]().next()).value : reply) ?? '';
  } catch (error) {
    const { message, data } = error as { message: string; data?: unknown };
    return `${message} ${JSON.stringify(data)}`;
  }
}

function isStream(reply: unknown): reply is AsyncIterable<unknown> {
  return typeof reply === 'object' && reply !== null && Symbol.asyncIterator in reply;
}
