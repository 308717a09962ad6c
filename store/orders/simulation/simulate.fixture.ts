import { strict as assert } from 'node:assert';
import type { Order } from '../order.ts';
import { SimulatedOrders } from './orders.fixture.ts';
import { type Lines, SimulatedCatalog, SimulatedPayment } from './services.fixture.ts';
import { World } from './world.fixture.ts';

const PRODUCTS = ['mug', 'lamp', 'clock'];

/**
 * One run: a few orders for scarce stock, shoppers who pay, are declined, change their minds or go away, an operator who ships and refunds, and three
 * processes that are killed at any moment. @returns how each order ended. @throws AssertionError when stock or money is not where it belongs.
 */
export function simulate(seed: number): Order[] {
  const world = new World(seed);
  const stock = new Map(PRODUCTS.map((product) => [product, world.between(0, 6)]));
  const catalog = new SimulatedCatalog(world, stock);
  const payment: SimulatedPayment = new SimulatedPayment(world, (id, webhook, acknowledge) =>
    orders.process.take(() => {
      orders.hear(id, webhook);
      acknowledge();
    }),
  );
  const orders: SimulatedOrders = new SimulatedOrders(world, {
    catalog,
    payment: () => payment,
    reservationKeptMs: world.between(600_000, 1_800_000),
  });
  for (let order = world.between(1, 5); order > 0; order--) beginOrder(world, `order-${order}`, { orders, payment });
  world.run(() => checkStock(stock, catalog, orders));
  for (const id of orders.kept.keys()) checkEnding(id, { orders, catalog, payment });
  return Array.from(orders.kept.values(), ({ order }) => order);
}

interface Parts {
  readonly orders: SimulatedOrders;
  readonly payment: SimulatedPayment;
}

function beginOrder(world: World, id: string, { orders, payment }: Parts): void {
  const lines: Lines = new Map(PRODUCTS.map((product) => [product, world.between(0, 2)]));
  world.after(world.between(0, 1_000_000), () => {
    orders.place(id, lines);
    const wish = (share: number, waitMsMax: number, message: Parameters<SimulatedOrders['wish']>[1]) => {
      if (!world.chance(share)) return;
      world.after(world.random() * waitMsMax, () =>
        world.carry(() => orders.process.take(() => orders.wish(id, message))),
      );
    };
    const goodFromTry = world.chance(0.7) ? 1 : world.between(2, 9);
    if (world.chance(0.9)) beginPaying(world, id, goodFromTry, { orders, payment });
    wish(0.2, 1_200_000, { kind: 'cancel' });
    wish(0.1, 3_000_000, { kind: 'refund', restock: world.chance(0.7) });
    beginShipping(world, id, orders);
  });
}

/** Tries a card now and then, as long as the order shows that it waits for a payment. */
function beginPaying(world: World, id: string, goodFromTry: number, { orders, payment }: Parts): void {
  let tries = 0;
  const pay = () => {
    const { order } = orders.kept.get(id)!;
    if (order.status !== 'reserving' && order.status !== 'authorising') return;
    if (order.intent !== undefined) {
      const cardIsGood = ++tries >= goodFromTry;
      world.carry(() => payment.process.take(() => payment.pay(id, cardIsGood)));
    }
    world.after(world.between(1_000, 240_000), pay);
  };
  pay();
}

/** Ships a confirmed order at some time, and now and then reports that it has arrived. */
function beginShipping(world: World, id: string, orders: SimulatedOrders): void {
  const ship = () => {
    const { status } = orders.kept.get(id)!.order;
    if (status === 'completed' || status === 'compensated') return;
    if (status === 'confirmed') orders.process.take(() => orders.wish(id, { kind: 'ship' }));
    if (status === 'shipped' && world.chance(0.1)) orders.process.take(() => orders.wish(id, { kind: 'complete' }));
    world.after(world.between(1_000, 600_000), ship);
  };
  ship();
}

/** Nothing is sold twice, nothing vanishes: what is on the shelf, held and sold is what there was. */
function checkStock(stock: ReadonlyMap<string, number>, catalog: SimulatedCatalog, orders: SimulatedOrders): void {
  for (const [product, atFirst] of stock) {
    const onShelf = catalog.stock.get(product)!;
    assert(onShelf >= 0, `${product} has a stock of ${onShelf}`);
    const taken = Array.from(catalog.reservations.values())
      .filter(({ state }) => state === 'held' || state === 'committed')
      .reduce((sum, { lines }) => sum + (lines.get(product) ?? 0), 0);
    assert.equal(onShelf + taken, atFirst, `${product}: shelf and reservations do not add up`);
  }
  for (const [id, { endings }] of orders.kept) assert(endings <= 1, `${id} ended ${endings} times`);
}

function checkEnding(id: string, { orders, catalog, payment }: Parts & { catalog: SimulatedCatalog }): void {
  const { order, endings, jobs } = orders.kept.get(id)!;
  assert.equal(endings, 1, `${id} rests in ${JSON.stringify(order)} with ${[...jobs.keys()].join(', ')}`);
  const reservation = catalog.reservations.get(id)?.state;
  const intent = payment.intents.get(id);
  const story = `${id}: ${JSON.stringify({ order, reservation, intent })}`;
  if (order.status === 'completed') {
    assert.equal(reservation, 'committed', story);
    assert.deepEqual([intent?.captures, intent?.refunds], [1, 0], story);
  } else {
    assert.equal(order.status, 'compensated', story);
    assert.equal(reservation, order.stock === 'written-off' ? 'committed' : 'released', story);
    assert(intent === undefined || intent.captures === intent.refunds, story);
    assert(['none', 'cancelled', 'refunded'].includes(order.payment), story);
    // An intent whose secret nobody learnt stays open, and nobody can pay it.
    assert(
      ['cancelled', 'refunded', order.intent === undefined ? 'open' : undefined, undefined].includes(intent?.state),
      story,
    );
  }
  assert((intent?.captures ?? 0) <= 1, story);
}
