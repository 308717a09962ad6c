import { contract, event, operation, problem, type Static, t } from 'relearn';

/** Money is integer minor units and a currency. */
export const money = t.Object({
  amountMinor: t.Integer({ minimum: 0, maximum: 1e12, description: 'Minor units: 1999 is 19.99 EUR' }),
  currency: t.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217' }),
});

const productId = t.String({ minLength: 1, maxLength: 128 });

const productFields = {
  title: t.String({ minLength: 1, maxLength: 300 }),
  description: t.String({ maxLength: 10_000 }),
  price: money,
  categories: t.Array(t.String({ minLength: 1, maxLength: 100 }), {
    maxItems: 20,
    description: 'From broad to narrow',
  }),
  tags: t.Array(t.String({ minLength: 1, maxLength: 60 }), { maxItems: 50 }),
  pictureUrl: t.Union([t.String({ maxLength: 2000 }), t.Null()]),
  stock: t.Integer({ minimum: 0, description: 'What can be sold now: pieces on hand that nobody has reserved' }),
  attributes: t.Record(t.String({ maxLength: 60 }), t.Union([t.String({ maxLength: 500 }), t.Number(), t.Boolean()])),
  active: t.Boolean({ description: 'False once retired: kept for old orders, neither listed nor recommended' }),
};

/** What a product is created from; everything but title and price has a default. */
export const productDraft = t.Object({
  title: productFields.title,
  price: productFields.price,
  description: t.Optional(productFields.description),
  categories: t.Optional(productFields.categories),
  tags: t.Optional(productFields.tags),
  pictureUrl: t.Optional(productFields.pictureUrl),
  stock: t.Optional(t.Integer({ ...productFields.stock, maximum: 1e9 })),
  attributes: t.Optional(productFields.attributes),
  active: t.Optional(productFields.active),
});

export const product = t.Object({
  id: productId,
  ...productFields,
  revision: t.Integer({ minimum: 1, description: 'Grows by one with each change' }),
  changedAtMs: t.Integer(),
});

export type Product = Static<typeof product>;
export type ProductDraft = Static<typeof productDraft>;

export const productNotFound = problem({
  code: 'catalog.product-not-found',
  status: 404,
  title: 'No product has this id.',
});
export const productExists = problem({
  code: 'catalog.product-exists',
  status: 409,
  title: 'A product has this id already; change it with PATCH.',
});
export const cursorInvalid = problem({
  code: 'catalog.cursor-invalid',
  status: 400,
  title: 'This cursor was not given by this list; start again without one.',
});

/** Reserved pieces are off the product's `stock` until they are released, or sold for good once committed. */
export const reservation = t.Object({
  id: t.String(),
  state: t.Enum(['held', 'committed', 'released', 'expired']),
  lines: t.Array(t.Object({ productId, quantity: t.Integer() })),
  expiresAtMs: t.Union([t.Integer(), t.Null()], { description: 'When a held one ends by itself; null for any other' }),
});

export type Reservation = Static<typeof reservation>;

export const stockInsufficient = problem({
  code: 'catalog.stock-insufficient',
  status: 409,
  title: 'There is too little stock of some lines; nothing was reserved.',
  data: t.Object({
    shortages: t.Array(t.Object({ productId, asked: t.Integer(), available: t.Integer() })),
  }),
});
export const reservationDiffers = problem({
  code: 'catalog.reservation-differs',
  status: 409,
  title: 'A reservation of other lines has this id; take a new id.',
});
export const reservationEnded = problem({
  code: 'catalog.reservation-ended',
  status: 409,
  title: 'This reservation was released or has expired; take a new id.',
  data: t.Object({ state: reservation.properties.state }),
});
export const reservationNotFound = problem({
  code: 'catalog.reservation-not-found',
  status: 404,
  title: 'No reservation has this id.',
});

/**
 * Every change of a product, its retirement included: the product as it is now. What orders take from its stock, and give back, is told when it
 * runs out or comes back alone; revisions in between are never told.
 */
export const productChanged = event({
  type: 'product.changed.v1',
  summary: 'A product was created, changed or retired, ran out or came back',
  payload: product,
  key: (changed) => changed.id,
});

const byId = t.Object({ id: productId });
const reservationById = t.Object({ id: t.String({ minLength: 1, maxLength: 128 }) });
const facet = t.Array(t.Object({ value: t.String(), count: t.Integer() }));

export const catalogContract = contract({
  name: 'catalog',
  title: 'Catalog',
  description: 'Products: what the shop sells, searched and listed.',
  version: '1.0.0',
  operations: {
    createProduct: operation({
      method: 'POST',
      path: '/products',
      summary: 'Create a product',
      access: 'operator',
      idempotency: 'keyed',
      status: 201,
      body: t.Object({ id: t.Optional(productId), ...productDraft.properties }),
      reply: product,
      errors: [productExists],
    }),
    getProduct: operation({
      method: 'GET',
      path: '/products/:id',
      summary: 'One product',
      access: 'public',
      idempotency: 'safe',
      params: byId,
      reply: product,
      errors: [productNotFound],
    }),
    getProducts: operation({
      method: 'POST',
      path: '/products/lookup',
      summary: 'Many products by id, in the order asked; unknown ids are left out',
      access: 'public',
      idempotency: 'safe',
      body: t.Object({ ids: t.Array(productId, { maxItems: 500 }) }),
      reply: t.Object({ products: t.Array(product) }),
    }),
    changeProduct: operation({
      method: 'PATCH',
      path: '/products/:id',
      summary: 'Change some fields',
      access: 'operator',
      idempotency: 'safe',
      params: byId,
      body: t.Partial(productDraft),
      reply: product,
      errors: [productNotFound],
    }),
    retireProduct: operation({
      method: 'DELETE',
      path: '/products/:id',
      summary: 'Retire: kept, but neither listed nor recommended',
      access: 'operator',
      idempotency: 'safe',
      params: byId,
      reply: product,
      errors: [productNotFound],
    }),
    upsertProducts: operation({
      method: 'PUT',
      path: '/products',
      summary: 'Create or replace up to 10,000 products; each is checked on its own',
      access: 'operator',
      idempotency: 'safe',
      bodyBytesMax: 64 * 1024 * 1024,
      body: t.Object({
        products: t.Array(t.Unknown(), {
          minItems: 1,
          maxItems: 10_000,
          description: 'Each an id and a product draft',
        }),
      }),
      reply: t.Object({
        created: t.Integer(),
        changed: t.Integer(),
        unchanged: t.Integer(),
        refused: t.Array(t.Object({ index: t.Integer(), reason: t.String() })),
      }),
    }),
    listProducts: operation({
      method: 'GET',
      path: '/products',
      summary: 'Active products in a stable order, with a cursor',
      access: 'public',
      idempotency: 'safe',
      query: t.Object({
        category: t.Optional(t.String({ maxLength: 100 })),
        limit: t.Optional(t.Integer({ minimum: 1, maximum: 200, default: 24 })),
        cursor: t.Optional(t.String({ maxLength: 300 })),
      }),
      reply: t.Object({ products: t.Array(product), nextCursor: t.Union([t.String(), t.Null()]) }),
      errors: [cursorInvalid],
    }),
    searchProducts: operation({
      method: 'GET',
      path: '/search',
      summary: 'Full-text search with facets; forgives typing errors',
      access: 'public',
      idempotency: 'safe',
      query: t.Object({
        q: t.String({ minLength: 1, maxLength: 200 }),
        category: t.Optional(t.String({ maxLength: 100 })),
        tag: t.Optional(t.String({ maxLength: 60 })),
        priceMinMinor: t.Optional(t.Integer({ minimum: 0 })),
        priceMaxMinor: t.Optional(t.Integer({ minimum: 0 })),
        inStock: t.Optional(t.Boolean()),
        limit: t.Optional(t.Integer({ minimum: 1, maximum: 100, default: 24 })),
        offset: t.Optional(t.Integer({ minimum: 0, maximum: 10_000, default: 0 })),
      }),
      reply: t.Object({
        products: t.Array(product),
        total: t.Integer(),
        facets: t.Object({ categories: facet, tags: facet }),
        correctedQuery: t.Union([t.String(), t.Null()], {
          description: 'What was searched for instead, when nothing matched the words as typed',
        }),
      }),
    }),
    listCategories: operation({
      method: 'GET',
      path: '/categories',
      summary: 'Categories with their numbers of active products',
      access: 'public',
      idempotency: 'safe',
      reply: t.Object({ categories: facet }),
    }),
    reserveStock: operation({
      method: 'PUT',
      path: '/reservations/:id',
      summary: 'Take stock for a while, all lines or none',
      description: 'A repeat of the same id and lines gives the reservation as it is; it does not keep it longer.',
      access: 'service',
      idempotency: 'safe',
      params: reservationById,
      body: t.Object({
        lines: t.Array(t.Object({ productId, quantity: t.Integer({ minimum: 1, maximum: 1e6 }) }), {
          minItems: 1,
          maxItems: 200,
        }),
        keptMs: t.Integer({ minimum: 1, maximum: 30 * 86_400_000, description: 'It expires after so long' }),
      }),
      reply: reservation,
      errors: [stockInsufficient, reservationDiffers, reservationEnded],
    }),
    getReservation: operation({
      method: 'GET',
      path: '/reservations/:id',
      summary: 'One reservation',
      access: 'service',
      idempotency: 'safe',
      params: reservationById,
      reply: reservation,
      errors: [reservationNotFound],
    }),
    commitReservation: operation({
      method: 'POST',
      path: '/reservations/:id/commit',
      summary: 'Sell what is held: it no longer expires',
      access: 'service',
      idempotency: 'safe',
      params: reservationById,
      reply: reservation,
      errors: [reservationNotFound, reservationEnded],
    }),
    releaseReservation: operation({
      method: 'DELETE',
      path: '/reservations/:id',
      summary: 'Give back what is held or was sold',
      description: 'An unknown id is barred, so that a reservation still on its way to us comes too late.',
      access: 'service',
      idempotency: 'safe',
      params: reservationById,
      reply: reservation,
    }),
  },
  events: { productChanged },
});
