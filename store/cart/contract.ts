import { contract, event, operation, problem, type Static, t } from 'relearn';

const id = t.String({ minLength: 1, maxLength: 128 });
const atMs = t.Integer({ description: 'Ms since the epoch' });

export const QUANTITY_MAX = 999;
export const LINES_MAX = 100;

const quantity = t.Integer({ minimum: 1, maximum: QUANTITY_MAX });
const money = t.Object({
  amountMinor: t.Integer({ minimum: 0, description: 'In the currency’s smallest unit' }),
  currency: t.String({ pattern: '^[A-Z]{3}$' }),
});
const recommended = {
  decisionId: t.Optional(t.String({ maxLength: 200, description: 'The recommendation that led to this line' })),
  slot: t.Optional(t.Integer({ minimum: 0, maximum: 10_000, description: 'Its place in that recommendation' })),
};

export const cartLine = t.Object({
  productId: t.String(),
  title: t.String(),
  pictureUrl: t.Union([t.String(), t.Null()]),
  quantity,
  unitPrice: t.Object({ ...money.properties }, { description: 'What it costs now' }),
  priceWas: t.Optional(
    t.Object({ ...money.properties }, { description: 'What it cost when it was put in, where that was another price' }),
  ),
  fault: t.Optional(
    t.Enum(['gone', 'out-of-stock', 'too-few'], { description: 'Why it cannot be ordered as it stands' }),
  ),
  available: t.Optional(t.Integer({ description: 'Pieces in stock, where there are too few' })),
  ...recommended,
});

export const cart = t.Object({
  revision: t.Integer({ description: 'Grows with each change; the ETag' }),
  lines: t.Array(cartLine),
  subtotal: t.Union([money, t.Null()], { description: 'At the prices of now; null for an empty cart' }),
  canOrder: t.Boolean({ description: 'There are lines, none has a fault, and no price is other than it was' }),
  goesWith: t.Union([
    t.Object({
      decisionId: t.String(),
      items: t.Array(t.Object({ itemId: t.String(), reason: t.String() })),
    }),
    t.Null(),
  ]),
  degraded: t.Array(t.Enum(['catalog', 'recommender']), {
    description: 'Services that were late or down: lines are then as they were last seen, or nothing goes with them',
  }),
});

export type Cart = Static<typeof cart>;
export type CartLine = Static<typeof cartLine>;
export type Money = Static<typeof money>;

export const nobodysCart = problem({
  code: 'cart.owner-missing',
  status: 422,
  title: 'A cart belongs to a shopper or a visitor; services have none.',
});
export const productUnavailable = problem({
  code: 'cart.product-unavailable',
  status: 409,
  title: 'So many pieces of this product cannot be had.',
  data: t.Object({ available: t.Integer() }),
});
export const cartFull = problem({
  code: 'cart.cart-full',
  status: 409,
  title: 'The cart holds no more; take something out first.',
  data: t.Object({ linesMax: t.Integer(), quantityMax: t.Integer() }),
});
export const currencyMixed = problem({
  code: 'cart.currency-mixed',
  status: 409,
  title: 'The cart holds products of another currency; order those first.',
});
export const lineNotFound = problem({
  code: 'cart.line-not-found',
  status: 404,
  title: 'The cart does not hold this product.',
});
export const catalogUnavailable = problem({
  code: 'cart.catalog-unavailable',
  status: 503,
  title: 'Prices and stock cannot be looked up just now; try again in a moment.',
});

export const cartAbandoned = event({
  type: 'cart.abandoned.v1',
  summary: 'Somebody left a cart with things in it',
  payload: t.Object({
    userId: t.Optional(t.String()),
    visitorId: t.Optional(t.String()),
    lines: t.Array(t.Object({ productId: t.String(), quantity })),
    changedAtMs: atMs,
  }),
  key: ({ userId, visitorId }) => userId ?? visitorId ?? '',
});

/** What every change may answer. */
const changing = { etag: 'revision', ifMatch: 'optional', access: 'visitor', reply: cart } as const;
const byProduct = t.Object({ productId: id });

export const cartContract = contract({
  name: 'cart',
  title: 'Cart',
  description:
    'What somebody wants to buy. It belongs to who calls: a guest’s cart is joined to the shopper’s when they sign in. Prices and stock are the catalog’s of now.',
  version: '1.0.0',
  operations: {
    getCart: operation({
      method: 'GET',
      path: '/cart',
      summary: 'The caller’s cart, with what goes with it',
      description: 'What goes with it comes within 50 ms, or not at all; `degraded` says so.',
      access: 'visitor',
      idempotency: 'safe',
      etag: 'revision',
      reply: cart,
      errors: [nobodysCart],
    }),
    addLine: operation({
      ...changing,
      method: 'POST',
      path: '/cart/lines',
      summary: 'Put something in; pieces are added to those already there',
      idempotency: 'keyed',
      body: t.Object({ productId: id, quantity: t.Optional(quantity), ...recommended }),
      errors: [nobodysCart, productUnavailable, cartFull, currencyMixed, catalogUnavailable],
    }),
    setQuantity: operation({
      ...changing,
      method: 'PUT',
      path: '/cart/lines/:productId',
      summary: 'Have so many pieces of something that is in the cart',
      idempotency: 'safe',
      params: byProduct,
      body: t.Object({ quantity }),
      errors: [nobodysCart, lineNotFound, productUnavailable, catalogUnavailable],
    }),
    removeLine: operation({
      ...changing,
      method: 'DELETE',
      path: '/cart/lines/:productId',
      summary: 'Take something out; nothing happens when it is not there',
      idempotency: 'safe',
      params: byProduct,
      errors: [nobodysCart],
    }),
    clearCart: operation({
      ...changing,
      method: 'DELETE',
      path: '/cart',
      summary: 'Take everything out',
      idempotency: 'safe',
      errors: [nobodysCart],
    }),
    acceptPrices: operation({
      ...changing,
      method: 'POST',
      path: '/cart/accepted-prices',
      summary: 'Agree to prices that have changed, as they were shown',
      description: 'A price that is another one again by now stays open, and is shown.',
      idempotency: 'safe',
      body: t.Object({
        lines: t.Array(t.Object({ productId: id, unitPrice: money }), { minItems: 1, maxItems: 200 }),
      }),
      errors: [nobodysCart],
    }),
  },
  events: { cartAbandoned },
});
