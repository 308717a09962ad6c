import { contract, event, operation, problem, type Static, t } from 'relearn';
import { money } from '../catalog/contract.ts';

export const orderStatuses = [
  'reserving',
  'authorising',
  'confirming',
  'confirmed',
  'shipped',
  'completed',
  'compensating',
  'compensated',
] as const;

export const compensationReasons = [
  'cancelled',
  'capture-refused',
  'payment-cancelled',
  'payment-declined',
  'payment-timeout',
  'payment-unavailable',
  'refunded',
  'stock-insufficient',
  'stock-lost',
  'stock-unavailable',
] as const;

const id = t.String({ minLength: 1, maxLength: 128 });
const status = t.Enum([...orderStatuses]);
const reason = t.Union([t.Enum([...compensationReasons]), t.Null()], {
  description: 'Why the order is being undone, or was',
});
const atMs = t.Integer({ description: 'Ms since the epoch' });
const amountMinor = t.Integer({ minimum: 0, description: 'Minor units of the order’s currency' });
const quantity = t.Integer({ minimum: 1, maximum: 999 });

const recommended = {
  decisionId: t.Optional(t.String({ maxLength: 200, description: 'The recommendation that led to this line' })),
  slot: t.Optional(t.Integer({ minimum: 0, maximum: 10_000, description: 'Its place in that recommendation' })),
};

export const orderLine = t.Object({ productId: id, title: t.String(), quantity, unitPrice: money, ...recommended });

export const address = t.Object({
  name: t.String({ minLength: 1, maxLength: 200 }),
  street: t.String({ minLength: 1, maxLength: 300 }),
  postalCode: t.String({ minLength: 1, maxLength: 20 }),
  city: t.String({ minLength: 1, maxLength: 100 }),
  region: t.Optional(t.String({ maxLength: 100 })),
  country: t.String({ pattern: '^[A-Z]{2}$', description: 'ISO 3166-1 alpha-2' }),
});

export const totals = t.Object({
  currency: money.properties.currency,
  goodsMinor: amountMinor,
  shippingMinor: amountMinor,
  taxMinor: t.Integer({ minimum: 0, description: 'Contained in the total' }),
  taxBasisPoints: t.Integer({ description: 'Rate of the country it goes to; 1900 is 19 %' }),
  totalMinor: amountMinor,
});

const shipment = t.Object({
  carrier: t.Optional(t.String({ maxLength: 100 })),
  trackingCode: t.Optional(t.String({ maxLength: 100 })),
});

export const orderSummary = t.Object({
  id,
  number: t.String({ description: 'For people: 7K3M-9QXP-4TB2. Random; the last character checks the others' }),
  status,
  reason,
  total: money,
  pieces: t.Integer(),
  placedAtMs: atMs,
  changedAtMs: atMs,
});

export const order = t.Object({
  ...orderSummary.properties,
  revision: t.Integer({ minimum: 1, description: 'Grows by one with each row of the history' }),
  lines: t.Array(orderLine),
  totals,
  email: t.String(),
  address,
  payment: t.Union(
    [t.Object({ intentId: t.String(), clientSecret: t.String(), declines: t.Integer(), dueAtMs: atMs }), t.Null()],
    { description: 'For the payer, while a payment is waited for; null at any other time, and for operators' },
  ),
  shipment: t.Union([shipment, t.Null()]),
  history: t.Array(
    t.Object({
      revision: t.Integer(),
      atMs,
      happened: t.String({ description: 'placed, stock-reserved, payment-declined …' }),
      status,
      by: t.Enum(['shopper', 'operator', 'system']),
      note: t.Union([t.String(), t.Null()]),
    }),
    { description: 'Everything that moved the order, oldest first' },
  ),
});

export type OrderView = Static<typeof order>;
export type OrderSummary = Static<typeof orderSummary>;

/** What an event says of an order. Who ordered: a user, or a visitor who has not signed in. */
const orderFact = t.Object({
  orderId: id,
  number: t.String(),
  revision: t.Integer(),
  userId: t.Optional(t.String()),
  visitorId: t.Optional(t.String()),
  status,
  reason,
  happened: t.String(),
  atMs,
  total: money,
  lines: t.Array(t.Object({ productId: id, quantity, unitPrice: money, ...recommended })),
});

export type OrderFact = Static<typeof orderFact>;

const orderEvent = (type: string, summary: string) =>
  event({ type, summary, payload: orderFact, key: ({ orderId }) => orderId });

export const orderPlaced = orderEvent('order.placed.v1', 'Someone ordered; nothing is paid yet');
export const orderAdvanced = orderEvent('order.advanced.v1', 'A step that has no event of its own');
export const orderConfirmed = orderEvent('order.confirmed.v1', 'The money is there; the goods can be sent');
export const orderShipped = orderEvent('order.shipped.v1', 'The goods have left');
export const orderCompleted = orderEvent('order.completed.v1', 'The goods are there and stay; nothing can be undone');
export const orderCompensating = orderEvent('order.compensating.v1', 'The order is being undone, for this reason');
export const orderCompensated = orderEvent(
  'order.compensated.v1',
  'Undone: stock is back, money was returned or never taken',
);

export const orderNotFound = problem({
  code: 'orders.order-not-found',
  status: 404,
  title: 'You have no order with this id.',
});
export const nobodyOrders = problem({
  code: 'orders.customer-missing',
  status: 422,
  title: 'An order belongs to a shopper or a visitor; services and partners have none.',
});
export const priceChanged = problem({
  code: 'orders.price-changed',
  status: 409,
  title: 'Prices have changed since they were seen; show the new ones and ask again.',
  data: t.Object({ lines: t.Array(t.Object({ productId: id, seen: money, now: money })) }),
});
export const productUnavailable = problem({
  code: 'orders.product-unavailable',
  status: 409,
  title: 'Some products are no longer sold, or there is too little of them; nothing was ordered.',
  data: t.Object({ lines: t.Array(t.Object({ productId: id, asked: t.Integer(), available: t.Integer() })) }),
});
export const countryNotServed = problem({
  code: 'orders.country-not-served',
  status: 422,
  title: 'The shop does not send to this country.',
});
export const currencyNotServed = problem({
  code: 'orders.currency-not-served',
  status: 422,
  title: 'The shop does not sell in this currency, or the lines are in several.',
});
export const totalTooLarge = problem({
  code: 'orders.total-too-large',
  status: 422,
  title: 'This is more than one order may cost; split it.',
});
export const cancelTooLate = problem({
  code: 'orders.cancel-too-late',
  status: 409,
  title: 'The order can no longer be cancelled.',
  data: t.Object({ status }),
});
export const stepNotDue = problem({
  code: 'orders.step-not-due',
  status: 409,
  title: 'The order is not in a status that admits this.',
  data: t.Object({ status }),
});
export const cursorInvalid = problem({
  code: 'orders.cursor-invalid',
  status: 400,
  title: 'This cursor was not given by this list; start again without one.',
});
export const signatureInvalid = problem({
  code: 'orders.signature-invalid',
  status: 401,
  title: 'This message is not signed by the payment provider, or was sent too long ago.',
});
export const dependencyUnavailable = problem({
  code: 'orders.dependency-unavailable',
  status: 503,
  title: 'The catalog or the payment provider does not answer; try again.',
});

const byId = t.Object({ id });
const page = {
  limit: t.Optional(t.Integer({ minimum: 1, maximum: 100, default: 20 })),
  cursor: t.Optional(t.String({ maxLength: 300 })),
};
const orderPage = t.Object({ orders: t.Array(orderSummary), nextCursor: t.Union([t.String(), t.Null()]) });

const wantedLines = t.Array(
  t.Object({
    productId: id,
    quantity,
    unitPrice: t.Object({ ...money.properties }, { description: 'As the shopper saw it' }),
    ...recommended,
  }),
  { minItems: 1, maxItems: 100 },
);

/** Why lines cannot be sold as they were asked for. */
const unsellable = [
  priceChanged,
  productUnavailable,
  countryNotServed,
  currencyNotServed,
  totalTooLarge,
  dependencyUnavailable,
] as const;

export const ordersContract = contract({
  name: 'orders',
  title: 'Orders',
  description: 'From a placed order to a completed one, or back.',
  version: '1.0.0',
  operations: {
    quoteOrder: operation({
      method: 'POST',
      path: '/quotes',
      summary: 'What an order would come to: goods, shipping, tax',
      access: 'visitor',
      idempotency: 'safe',
      body: t.Object({ lines: wantedLines, country: address.properties.country }),
      reply: t.Object({ lines: t.Array(orderLine), totals }),
      errors: unsellable,
    }),
    placeOrder: operation({
      method: 'POST',
      path: '/orders',
      summary: 'Order, at the prices seen',
      description:
        'The order is kept before the reply; stock and payment follow, and the order tells how far they are.',
      access: 'visitor',
      idempotency: 'keyed',
      status: 201,
      body: t.Object({
        lines: wantedLines,
        email: t.String({ pattern: '^[^@\\s]+@[^@\\s]+$', maxLength: 254 }),
        address,
      }),
      reply: order,
      errors: [nobodyOrders, ...unsellable],
    }),
    listCountries: operation({
      method: 'GET',
      path: '/countries',
      summary: 'Countries that the shop sends to',
      access: 'public',
      idempotency: 'safe',
      reply: t.Object({ countries: t.Array(t.String({ description: 'ISO 3166-1 alpha-2' })) }),
    }),
    listOrders: operation({
      method: 'GET',
      path: '/orders',
      summary: 'One’s own orders, newest first',
      access: 'visitor',
      idempotency: 'safe',
      query: t.Object(page),
      reply: orderPage,
      errors: [cursorInvalid, nobodyOrders],
    }),
    getOrder: operation({
      method: 'GET',
      path: '/orders/:id',
      summary: 'One order with its whole history',
      access: 'visitor',
      idempotency: 'safe',
      params: byId,
      reply: order,
      errors: [orderNotFound],
    }),
    watchOrder: operation({
      method: 'GET',
      path: '/orders/:id/watch',
      summary: 'One order, now and after each change, until it has ended',
      access: 'visitor',
      idempotency: 'safe',
      params: byId,
      stream: order,
      errors: [orderNotFound],
    }),
    cancelOrder: operation({
      method: 'POST',
      path: '/orders/:id/cancel',
      summary: 'Call an order off, as long as it has not left',
      access: 'visitor',
      idempotency: 'safe',
      params: byId,
      reply: order,
      errors: [orderNotFound, cancelTooLate],
    }),
    listAllOrders: operation({
      method: 'GET',
      path: '/all-orders',
      summary: 'Everybody’s orders, newest first',
      access: 'operator',
      idempotency: 'safe',
      query: t.Object({
        ...page,
        status: t.Optional(status),
        number: t.Optional(t.String({ maxLength: 40, description: 'As it was typed' })),
      }),
      reply: orderPage,
      errors: [cursorInvalid],
    }),
    shipOrder: operation({
      method: 'POST',
      path: '/orders/:id/ship',
      summary: 'The goods have left',
      access: 'operator',
      idempotency: 'safe',
      params: byId,
      body: shipment,
      reply: order,
      errors: [orderNotFound, stepNotDue],
    }),
    completeOrder: operation({
      method: 'POST',
      path: '/orders/:id/complete',
      summary: 'The goods are there and stay',
      description: 'Happens by itself some time after shipping.',
      access: 'operator',
      idempotency: 'safe',
      params: byId,
      reply: order,
      errors: [orderNotFound, stepNotDue],
    }),
    refundOrder: operation({
      method: 'POST',
      path: '/orders/:id/refund',
      summary: 'Give all of the money back',
      access: 'operator',
      idempotency: 'safe',
      params: byId,
      body: t.Object({
        restock: t.Boolean({ description: 'The goods come back and can be sold again' }),
        note: t.Optional(t.String({ maxLength: 500 })),
      }),
      reply: order,
      errors: [orderNotFound, stepNotDue],
    }),
    paymentWebhook: operation({
      method: 'POST',
      path: '/payment-webhook',
      summary: 'What the payment provider tells',
      description: 'Signed over the bytes of the body; repeats and old news change nothing.',
      access: 'public',
      idempotency: 'safe',
      rawBody: true,
      headers: t.Object({ 'payment-signature': t.String({ maxLength: 1_000 }) }),
      body: t.Unknown(),
      reply: t.Object({ received: t.Literal(true) }),
      errors: [signatureInvalid, dependencyUnavailable],
    }),
  },
  events: {
    orderPlaced,
    orderAdvanced,
    orderConfirmed,
    orderShipped,
    orderCompleted,
    orderCompensating,
    orderCompensated,
  },
});
