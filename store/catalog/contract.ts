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
  stock: t.Integer({ minimum: 0, maximum: 1e9 }),
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
  stock: t.Optional(productFields.stock),
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

/** Every change of a product, its retirement included: the product as it is now. */
export const productChanged = event({
  type: 'product.changed.v1',
  summary: 'A product was created, changed or retired',
  payload: product,
  key: (changed) => changed.id,
});

const byId = t.Object({ id: productId });
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
  },
  events: { productChanged },
});
