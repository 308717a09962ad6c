import { randomUUID } from 'node:crypto';
import { type HandlersOf, ProblemError, type ServiceContext, type Store, type Tx } from 'relearn';
import { checkUpsert } from './check-upsert.ts';
import {
  type catalogContract,
  type Product,
  type ProductDraft,
  productChanged,
  productExists,
  productNotFound,
} from './contract.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { changedProduct, createdProduct, fieldsOf } from './product.ts';
import { reservationHandlers } from './reservations.ts';
import { Search } from './search.ts';
import { listCategories, listProducts, readProduct, readProducts, writeProduct } from './store.ts';

/** The catalog's handlers, in the contract's order. */
export function catalogHandlers(context: Pick<ServiceContext, 'store' | 'clock'>): HandlersOf<typeof catalogContract> {
  const { store, clock } = context;
  const search = new Search(store);
  const written = <T>(work: Promise<T>) => work.finally(() => search.productsWritten());
  return {
    createProduct: ({ body: { id = randomUUID(), ...draft } }, call) =>
      written(
        call.once(async (tx) => {
          if (await readProduct(tx, id)) throw new ProblemError(productExists, { detail: `There is a product ${id}.` });
          return save(tx, createdProduct(id, draft, clock()));
        }),
      ),

    getProduct: async ({ params: { id } }) => found(await readProduct(store, id), id),

    getProducts: async ({ body: { ids } }) => ({ products: await readProducts(store, ids) }),

    changeProduct: ({ params: { id }, body }) => written(change(store, id, body, clock)),

    retireProduct: ({ params: { id } }) => written(change(store, id, { active: false }, clock)),

    upsertProducts: ({ body: { products } }) => written(store.transact((tx) => upsertAll(tx, products, clock()))),

    listProducts: async ({ query: { category, limit = 24, cursor } }) => {
      const { afterSeq } = decodeCursor(cursor, category);
      const { products, lastSeq, more } = await listProducts(store, { afterSeq, category, limit });
      return {
        products,
        nextCursor: more && lastSeq !== undefined ? encodeCursor({ afterSeq: lastSeq, category }) : null,
      };
    },

    searchProducts: ({ query: { q, limit = 24, offset = 0, ...filters } }) =>
      search.for({ text: q, limit, offset, ...filters }),

    listCategories: async () => ({ categories: await listCategories(store) }),

    ...reservationHandlers(context),
  };
}

async function save(tx: Tx, product: Product): Promise<Product> {
  await writeProduct(tx, product);
  await tx.publish(productChanged, product);
  return product;
}

function change(store: Store, id: string, fields: Partial<ProductDraft>, clock: () => number): Promise<Product> {
  return store.transact(async (tx) => {
    const product = found(await readProduct(tx, id), id);
    const next = changedProduct(product, fields, clock());
    return next === product ? product : save(tx, next);
  });
}

async function upsertAll(tx: Tx, rows: readonly unknown[], nowMs: number) {
  const counts = { created: 0, changed: 0, unchanged: 0 };
  const refused: { index: number; reason: string }[] = [];
  for (const [index, row] of rows.entries()) {
    const checked = checkUpsert(row);
    if ('reason' in checked) refused.push({ index, reason: checked.reason });
    else counts[await upsert(tx, checked.id, checked.draft, nowMs)]++;
  }
  return { ...counts, refused };
}

async function upsert(
  tx: Tx,
  id: string,
  draft: ProductDraft,
  nowMs: number,
): Promise<'created' | 'changed' | 'unchanged'> {
  const product = await readProduct(tx, id);
  const next = product ? changedProduct(product, fieldsOf(draft), nowMs) : createdProduct(id, draft, nowMs);
  if (next === product) return 'unchanged';
  await save(tx, next);
  return product ? 'changed' : 'created';
}

function found(product: Product | undefined, id: string): Product {
  if (product === undefined) throw new ProblemError(productNotFound, { detail: `There is no product ${id}.` });
  return product;
}
