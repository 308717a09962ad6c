import { type Caller, type ClientOf, consumer, contract, type Host, type Store, service, startHost } from 'relearn';
import { type ManualClock, manualClock, temporaryHome } from 'relearn/testing';
import { expect, onTestFinished, vi } from 'vitest';
import { catalogContract } from '../catalog/contract.ts';
import catalog from '../catalog/main.ts';
import { paymentSandboxContract } from '../payment-sandbox/contract.ts';
import paymentSandbox from '../payment-sandbox/main.ts';
import { userDeleted } from '../users/contract.ts';
import { type OrderFact, type OrderView, ordersContract } from './contract.ts';
import orders from './main.ts';
import { address, card, EUR, operator, shopper } from './shoppers.fixture.ts';

export type OrdersClient = ClientOf<typeof ordersContract>;

/** The real catalog and payment sandbox around orders, in one process, with a clock that is moved by hand. */
export interface TestShop {
  readonly host: Host;
  readonly clock: ManualClock;
  /** Every event of orders, in the order of its coming. */
  readonly events: { readonly type: string; readonly fact: OrderFact }[];
  readonly catalog: ClientOf<typeof catalogContract>;
  readonly sandbox: ClientOf<typeof paymentSandboxContract>;
  readonly orders: OrdersClient;
  /** Tells all services that a user was deleted. */
  deleteUser(userId: string, visitorIds: string[]): Promise<void>;
  readonly asOperator: OrdersClient;
  as(caller: Caller): OrdersClient;
  /** An order of mugs and lamps at the prices of now, unless said otherwise. */
  place(quantities: { mug?: number; lamp?: number }, client?: OrdersClient): Promise<OrderView>;
  /** Waits until an order is in a status. */
  until(orderId: string, status: OrderView['status']): Promise<OrderView>;
  /** Waits for the payment to open, then pays. */
  pay(orderId: string, number?: string): Promise<OrderView>;
  stockOf(productId: string): Promise<number>;
}

export async function testShop(env: Record<string, string> = {}): Promise<TestShop> {
  const home = await temporaryHome();
  const clock = manualClock();
  const events: TestShop['events'] = [];
  const tell: { store?: Store } = {};
  const host = await startHost({
    services: [catalog, paymentSandbox, orders, listener(events, tell)],
    home: home.path,
    listen: false,
    clock,
    env: { LOG_LEVEL: 'silent', ...env },
  });
  onTestFinished(async () => {
    await host.close();
    await home[Symbol.asyncDispose]();
  });
  const shop = parts(host);
  const products = [
    { id: 'mug', title: 'Mug', price: EUR(1999), stock: 10 },
    { id: 'lamp', title: 'Lamp', price: EUR(4900), stock: 1 },
  ];
  await shop.catalog.upsertProducts({ body: { products } });
  return {
    ...shop,
    host,
    clock,
    events,
    deleteUser: (userId, visitorIds) =>
      tell.store!.transact((tx) => tx.publish(userDeleted, { userId, visitorIds, deletedAtMs: clock() })),
  };
}

function parts(host: Host): Omit<TestShop, 'host' | 'clock' | 'events' | 'deleteUser'> {
  const catalog = host.client(catalogContract);
  const sandbox = host.client(paymentSandboxContract);
  const as = (caller: Caller) => host.client(ordersContract, caller);
  const asOperator = as(operator);
  const asService = host.client(ordersContract);
  const orders = as(shopper);

  async function until(orderId: string, status: OrderView['status']): Promise<OrderView> {
    return vi.waitFor(async () => {
      const order = await asOperator.getOrder({ params: { id: orderId } });
      expect(order.status, JSON.stringify(order.history.map(({ happened }) => happened))).toBe(status);
      return order;
    }, 10_000);
  }

  return {
    catalog,
    sandbox,
    orders,
    asOperator,
    as,
    until,
    place: (quantities: { mug?: number; lamp?: number }, client = orders) =>
      client.placeOrder({
        body: {
          lines: [
            { productId: 'mug', quantity: quantities.mug ?? 0, unitPrice: EUR(1999), decisionId: 'd1', slot: 3 },
            { productId: 'lamp', quantity: quantities.lamp ?? 0, unitPrice: EUR(4900) },
          ].filter(({ quantity }) => quantity > 0),
          email: 'ada@example.org',
          address,
        },
      }),
    async pay(orderId: string, number = '4242424242424242') {
      const order = await vi.waitFor(async () => {
        const awaited = await asService.getOrder({ params: { id: orderId } });
        expect(awaited.payment).not.toBeNull();
        return awaited;
      }, 10_000);
      const { intentId, clientSecret } = order.payment!;
      await sandbox.confirmIntent({ params: { id: intentId }, body: { clientSecret, card: card(number) } });
      return order;
    },
    stockOf: async (productId: string) => (await catalog.getProduct({ params: { id: productId } })).stock,
  };
}

/** Hears all that orders say, and says what users would. */
function listener(events: { type: string; fact: OrderFact }[], tell: { store?: Store }) {
  return service({
    contract: contract({
      name: 'listener',
      title: 'Listener',
      description: 'Hears.',
      version: '1.0.0',
      operations: {},
      events: { userDeleted },
    }),
    setup: ({ store }) => ({
      handlers: {},
      start() {
        tell.store = store;
      },
      consumers: Object.values(ordersContract.events).map((event) =>
        consumer({
          event,
          handle: async (fact) => void events.push({ type: event.type, fact }),
        }),
      ),
    }),
  });
}
