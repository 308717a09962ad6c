import { contract, operation, problem, type Static, t } from 'relearn';

const id = t.String({ minLength: 1, maxLength: 128 });
const k = t.Optional(t.Integer({ minimum: 1, maximum: 200, default: 20 }));

/**
 * One thing a person did with an item. Exactly one of `userId` and `visitorId` names the person; people who tell of themselves may leave both out.
 */
export const interaction = t.Object({
  id: t.Optional(
    t.String({
      minLength: 1,
      maxLength: 128,
      description: 'Counts once however often it is sent; made up when absent',
    }),
  ),
  kind: t.String({
    minLength: 1,
    maxLength: 40,
    description:
      'view, click, cart-add, purchase, rating, or a kind of your own with a weight; impression: it was in view, with decision and slot',
  }),
  userId: t.Optional(id),
  visitorId: t.Optional(t.String({ minLength: 1, maxLength: 128, description: 'Anonymous visitor' })),
  itemId: id,
  atMs: t.Optional(
    t.Union([t.Integer({ minimum: 0 }), t.Null()], {
      description: 'Ms since the epoch, at most five minutes ahead; now when absent, null when nobody knows',
    }),
  ),
  quantity: t.Optional(t.Number({ exclusiveMinimum: 0, maximum: 1e6 })),
  value: t.Optional(t.Number({ description: 'The rating, or the money paid' })),
  weight: t.Optional(
    t.Number({
      minimum: 1e-6,
      maximum: 1000,
      description: 'How much it says; by kind when absent; required for kinds of your own',
    }),
  ),
  basketId: t.Optional(t.String({ minLength: 1, maxLength: 128, description: 'Order or visit it belongs to' })),
  decisionId: t.Optional(t.String({ maxLength: 64, description: 'Decision whose slate showed the item' })),
  slot: t.Optional(t.Integer({ minimum: 0, maximum: 1000, description: 'Its place in that slate' })),
  context: t.Optional(
    t.Record(t.String({ maxLength: 60 }), t.Union([t.String({ maxLength: 500 }), t.Number(), t.Boolean()])),
  ),
});
export type Interaction = Static<typeof interaction>;

const filters = {
  categories: t.Optional(
    t.Array(t.String({ maxLength: 100 }), { maxItems: 50, description: 'Only items of one of these' }),
  ),
  priceMinMinor: t.Optional(t.Integer({ minimum: 0 })),
  priceMaxMinor: t.Optional(t.Integer({ minimum: 0 })),
  inStock: t.Optional(t.Boolean({ description: 'True: only items in stock' })),
  exclude: t.Optional(t.Array(id, { maxItems: 1000 })),
};

const person = { userId: t.Optional(id), visitorId: t.Optional(id) };

/** An answer: items best first, the decision that gave them, why each is there. */
export const slate = t.Object({
  decisionId: t.String(),
  version: t.Union([t.String(), t.Null()], { description: 'Version that answered; null when the fallback did' }),
  degraded: t.Boolean(),
  items: t.Array(
    t.Object({
      itemId: t.String(),
      score: t.Number({ description: 'Comparable within one answer only' }),
      reason: t.Object({
        kind: t.Enum(['because-bought', 'because-viewed', 'goes-with', 'similar-to', 'popular', 'buy-again', 'new']),
        itemId: t.Optional(t.String({ description: 'The item that speaks for it' })),
        text: t.String({ description: 'A sentence for people: because you bought …' }),
      }),
    }),
  ),
});
export type Slate = Static<typeof slate>;

export const itemUnknown = problem({
  code: 'recommender.item-unknown',
  status: 404,
  title: 'No item has this id; send the product or an interaction with it first.',
});
export const personAmbiguous = problem({
  code: 'recommender.person-ambiguous',
  status: 400,
  title: 'Name the person by exactly one of userId and visitorId.',
});

export const personForeign = problem({
  code: 'recommender.person-foreign',
  status: 403,
  title: 'People ask and tell of themselves alone; leave userId and visitorId out.',
});

export const recommenderOperations = {
  recordInteractions: operation({
    method: 'POST',
    path: '/interactions',
    summary: 'Record one to 10,000 interactions; each is checked on its own',
    access: 'visitor',
    idempotency: 'safe',
    bodyBytesMax: 32 * 1024 * 1024,
    description:
      'On disk before the reply, and in the next answer. Those refused are listed with the reason; the rest are kept. An id seen before counts once.',
    body: t.Object({
      interactions: t.Array(t.Unknown(), {
        minItems: 1,
        maxItems: 10_000,
        description: 'Each an Interaction; checked one by one',
      }),
    }),
    reply: t.Object({
      accepted: t.Integer(),
      duplicates: t.Integer(),
      refused: t.Array(t.Object({ index: t.Integer(), code: t.String(), reason: t.String() })),
    }),
  }),
  forYou: operation({
    method: 'POST',
    path: '/for-you',
    summary: 'Items for a user or visitor',
    access: 'visitor',
    idempotency: 'safe',
    body: t.Object({
      ...person,
      k,
      ...filters,
      withBought: t.Optional(t.Boolean({ default: false, description: 'Also items already bought' })),
      diversity: t.Optional(
        t.Number({
          minimum: 0,
          maximum: 1,
          description:
            'How much unlike items are preferred to the best ones: 0 or absent not at all, 1 whatever their score. Asks a version; without one it changes nothing',
        }),
      ),
      categoryMax: t.Optional(
        t.Integer({
          minimum: 1,
          maximum: 200,
          description:
            'Items of one category at most; an item counts in each of its own. The list is shorter when too few are left',
        }),
      ),
    }),
    reply: slate,
    errors: [personAmbiguous, personForeign],
  }),
  similarTo: operation({
    method: 'POST',
    path: '/similar-to',
    summary: 'Items similar to one',
    access: 'public',
    idempotency: 'safe',
    body: t.Object({ itemId: id, ...person, k, ...filters }),
    reply: slate,
    errors: [itemUnknown, personForeign],
  }),
  goesWith: operation({
    method: 'POST',
    path: '/goes-with',
    summary: 'Items that go with a basket',
    access: 'visitor',
    idempotency: 'safe',
    body: t.Object({ basket: t.Array(id, { minItems: 1, maxItems: 500 }), ...person, k, ...filters }),
    reply: slate,
    errors: [personForeign],
  }),
  popular: operation({
    method: 'POST',
    path: '/popular',
    summary: 'What is popular now, rising items first',
    access: 'public',
    idempotency: 'safe',
    body: t.Object({ ...person, k, ...filters }),
    reply: slate,
    errors: [personForeign],
  }),
  buyAgain: operation({
    method: 'POST',
    path: '/buy-again',
    summary: 'What a user buys again and again and is due',
    access: 'visitor',
    idempotency: 'safe',
    body: t.Object({ ...person, k, ...filters }),
    reply: slate,
    errors: [personAmbiguous, personForeign],
  }),
  getOwnHistory: operation({
    method: 'GET',
    path: '/history',
    summary: 'What is kept of what the caller did, newest first',
    access: 'visitor',
    idempotency: 'safe',
    query: t.Object({ limit: t.Optional(t.Integer({ minimum: 1, maximum: 1000, default: 1000 })) }),
    reply: t.Object({
      interactions: t.Array(t.Object({ kind: t.String(), itemId: t.String(), atMs: t.Integer(), weight: t.Number() })),
    }),
    errors: [personAmbiguous],
  }),
  getHistory: operation({
    method: 'GET',
    path: '/users/:userId/history',
    summary: 'What a user did, newest first',
    access: 'operator',
    idempotency: 'safe',
    params: t.Object({ userId: id }),
    query: t.Object({ limit: t.Optional(t.Integer({ minimum: 1, maximum: 1000, default: 100 })) }),
    reply: t.Object({
      interactions: t.Array(t.Object({ kind: t.String(), itemId: t.String(), atMs: t.Integer(), weight: t.Number() })),
    }),
  }),
  listUsers: operation({
    method: 'GET',
    path: '/users',
    summary: 'Users with the most recent interactions first',
    access: 'operator',
    idempotency: 'safe',
    query: t.Object({ limit: t.Optional(t.Integer({ minimum: 1, maximum: 1000, default: 20 })) }),
    reply: t.Object({
      users: t.Array(t.Object({ userId: t.String(), interactions: t.Integer(), lastAtMs: t.Integer() })),
    }),
  }),
};

/** What others may call. Served beside the operations that every AI service has. */
export const recommenderContract = contract({
  name: 'recommender',
  title: 'Recommender',
  description: 'Learns from what people do with items, and answers what they may want next.',
  version: '1.0.0',
  operations: recommenderOperations,
});
