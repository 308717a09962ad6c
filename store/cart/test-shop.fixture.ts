import {
  type Caller,
  type ClientOf,
  consumer,
  contract,
  type Host,
  ProblemError,
  type Static,
  service,
  startHost,
} from 'relearn';
import { type ManualClock, manualClock, temporaryHome } from 'relearn/testing';
import { onTestFinished } from 'vitest';
import { itemUnknown, recommenderContract } from '../../services/recommender/contract.ts';
import { catalogContract } from '../catalog/contract.ts';
import catalog from '../catalog/main.ts';
import { orderPlaced } from '../orders/contract.ts';
import { userDeleted } from '../users/contract.ts';
import { cartAbandoned, cartContract } from './contract.ts';
import cart from './main.ts';

export type CartClient = ClientOf<typeof cartContract>;

export const EUR = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });
export const guest: Caller = { kind: 'guest', visitorId: 'visitor-1' };
export const ada: Caller = { kind: 'shopper', userId: 'ada', sessionId: 'session-1' };
export const adaOnceGuest: Caller = { ...ada, visitorId: 'visitor-1' };

/** How the recommender beside the cart behaves. */
type Mood = 'well' | 'late' | 'down';

/** The cart beside a real catalog and a recommender that does as it is told. */
export interface TestShop {
  readonly host: Host;
  readonly clock: ManualClock;
  readonly catalog: ClientOf<typeof catalogContract>;
  readonly abandoned: Static<(typeof cartAbandoned)['payload']>[];
  /** What the recommender was asked. */
  readonly asked: object[];
  as(caller: Caller): CartClient;
  feel(mood: Mood): void;
  place(order: Static<(typeof orderPlaced)['payload']>): Promise<void>;
  deleteUser(userId: string, visitorIds: string[]): Promise<void>;
}

export async function testShop(): Promise<TestShop> {
  const home = await temporaryHome();
  const clock = manualClock();
  const state = { mood: 'well' as Mood, asked: [] as object[] };
  const abandoned: TestShop['abandoned'] = [];
  const host = await startHost({
    services: [catalog, recommender(state), teller(abandoned), cart],
    home: home.path,
    listen: false,
    clock,
    env: { LOG_LEVEL: 'silent' },
  });
  onTestFinished(async () => {
    await host.close();
    await home[Symbol.asyncDispose]();
  });
  const shelf = host.client(catalogContract);
  const products = [
    { id: 'mug', title: 'Mug', price: EUR(1999), stock: 10 },
    { id: 'lamp', title: 'Lamp', price: EUR(4900), stock: 1 },
    { id: 'book', title: 'Book', price: { amountMinor: 900, currency: 'GBP' }, stock: 5 },
  ];
  await shelf.upsertProducts({ body: { products } });
  const tell = host.client(tellerContract);
  return {
    host,
    clock,
    catalog: shelf,
    abandoned,
    asked: state.asked,
    as: (caller) => host.client(cartContract, caller),
    feel(mood) {
      state.mood = mood;
    },
    place: (order) => tell.place({ body: order }),
    deleteUser: (userId, visitorIds) => tell.deleteUser({ body: { userId, visitorIds, deletedAtMs: clock() } }),
  };
}

function recommender(state: { mood: Mood; asked: object[] }) {
  const refuse = () => {
    throw new ProblemError(itemUnknown);
  };
  const names = Object.keys(recommenderContract.operations);
  return service({
    contract: recommenderContract,
    setup: () => ({
      handlers: {
        ...Object.fromEntries(names.map((name) => [name, refuse])),
        goesWith: async ({ body }: { body: object }, { signal }: { signal: AbortSignal }) => {
          state.asked.push(body);
          if (state.mood === 'down') throw new Error('Out of order.');
          if (state.mood === 'late') await new Promise((resolve) => signal.addEventListener('abort', resolve));
          const reason = { kind: 'goes-with' as const, text: 'Goes with your mug' };
          return {
            decisionId: 'decision-1',
            version: null,
            degraded: false,
            items: [{ itemId: 'lamp', score: 1, reason }],
          };
        },
      } as never,
    }),
  });
}

const tellerContract = contract({
  name: 'teller',
  title: 'Teller',
  description: 'Says and hears what others would.',
  version: '1.0.0',
  operations: {
    place: {
      method: 'POST',
      path: '/orders',
      summary: 'Tell of an order',
      access: 'service',
      idempotency: 'none',
      body: orderPlaced.payload,
      status: 204,
    },
    deleteUser: {
      method: 'POST',
      path: '/deletions',
      summary: 'Tell of a deletion',
      access: 'service',
      idempotency: 'none',
      body: userDeleted.payload,
      status: 204,
    },
  },
  events: { orderPlaced, userDeleted },
});

function teller(abandoned: TestShop['abandoned']) {
  return service({
    contract: tellerContract,
    setup: ({ store }) => ({
      handlers: {
        place: async ({ body }) => {
          await store.transact((tx) => tx.publish(orderPlaced, body));
          return undefined;
        },
        deleteUser: async ({ body }) => {
          await store.transact((tx) => tx.publish(userDeleted, body));
          return undefined;
        },
      },
      consumers: [consumer({ event: cartAbandoned, handle: async (payload) => void abandoned.push(payload) })],
    }),
  });
}
