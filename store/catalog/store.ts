import type { SqlValue, Store, Tx } from 'relearn';
import type { Product } from './contract.ts';
import type { VocabularyWord } from './spelling.ts';

/** What narrows a search beside its words. */
export interface SearchFilters {
  readonly category?: string;
  readonly tag?: string;
  readonly priceMinMinor?: number;
  readonly priceMaxMinor?: number;
  readonly inStock?: boolean;
}

export interface FacetCount {
  readonly value: string;
  readonly count: number;
}

const FACET_VALUES_MAX = 30;

export async function readProduct(from: Store | Tx, id: string): Promise<Product | undefined> {
  const row = await from.prepare<ProductRow>('SELECT * FROM product WHERE id = ?').get(id);
  return row && productOf(row);
}

/** In the order asked; unknown ids are left out. */
export async function readProducts(store: Store, ids: readonly string[]): Promise<Product[]> {
  const rows = await store
    .prepare<ProductRow>('SELECT * FROM product WHERE id IN (SELECT value FROM json_each(?))')
    .all(JSON.stringify(ids));
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => {
    const row = byId.get(id);
    return row === undefined ? [] : [productOf(row)];
  });
}

/** Writes a product that is new or has changed, and what finds it. */
export async function writeProduct(tx: Tx, product: Product): Promise<void> {
  const known = await tx.prepare<{ seq: number }>('SELECT seq FROM product WHERE id = ?').get(product.id);
  const columns = columnsOf(product);
  if (known === undefined) {
    await tx
      .prepare(
        `INSERT INTO product (title, description, price_minor, currency, categories, tags, picture_url, stock, attributes,
           active, revision, changed_at_ms, id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(...columns, product.id);
  } else {
    await tx
      .prepare(
        `UPDATE product SET title = ?, description = ?, price_minor = ?, currency = ?, categories = ?, tags = ?,
           picture_url = ?, stock = ?, attributes = ?, active = ?, revision = ?, changed_at_ms = ? WHERE id = ?`,
      )
      .run(...columns, product.id);
    await removeFromIndexes(tx, known.seq);
  }
  if (product.active) await addToIndexes(tx, product);
}

async function removeFromIndexes(tx: Tx, seq: number): Promise<void> {
  await tx.prepare('DELETE FROM product_text WHERE rowid = ?').run(seq);
  await tx.prepare('DELETE FROM product_words WHERE rowid = ?').run(seq);
  await tx.prepare('DELETE FROM product_category WHERE seq = ?').run(seq);
}

async function addToIndexes(tx: Tx, product: Product): Promise<void> {
  const tags = product.tags.join(' ');
  const categories = product.categories.join(' ');
  const seq = '(SELECT seq FROM product WHERE id = ?)';
  await tx
    .prepare(`INSERT INTO product_text (rowid, title, tags, categories, description) VALUES (${seq}, ?, ?, ?, ?)`)
    .run(product.id, product.title, tags, categories, product.description);
  await tx
    .prepare(`INSERT INTO product_words (rowid, words) VALUES (${seq}, ?)`)
    .run(product.id, `${product.title} ${tags} ${categories}`);
  for (const category of product.categories) {
    await tx.prepare(`INSERT INTO product_category (category, seq) VALUES (?, ${seq})`).run(category, product.id);
  }
}

/** Active products after `afterSeq`, oldest first, with the number to go on from. */
export async function listProducts(
  store: Store,
  { afterSeq, category, limit }: { afterSeq: number; category: string | undefined; limit: number },
): Promise<{ products: Product[]; lastSeq: number | undefined; more: boolean }> {
  const rows =
    category === undefined
      ? await store
          .prepare<ProductRow>('SELECT * FROM product WHERE seq > ? AND active = 1 ORDER BY seq LIMIT ?')
          .all(afterSeq, limit + 1)
      : await store
          .prepare<ProductRow>(
            `SELECT product.* FROM product_category JOIN product USING (seq)
             WHERE category = ? AND seq > ? ORDER BY seq LIMIT ?`,
          )
          .all(category, afterSeq, limit + 1);
  const page = rows.slice(0, limit);
  return { products: page.map(productOf), lastSeq: page.at(-1)?.seq, more: rows.length > limit };
}

export async function listCategories(store: Store): Promise<FacetCount[]> {
  return store
    .prepare<FacetCount>(
      'SELECT category AS value, count(*) AS count FROM product_category GROUP BY category ORDER BY count DESC, category',
    )
    .all();
}

/** Ids of one page of what matches, best first, with counts over all of it. A word in the title weighs most, then tags, categories. */
export async function searchProducts(
  store: Store,
  match: string,
  filters: SearchFilters,
  page: { limit: number; offset: number },
): Promise<{ ids: string[]; total: number; categories: FacetCount[]; tags: FacetCount[] }> {
  const { where, parameters } = conditions(match, filters);
  const found = `FROM product_text JOIN product ON product.seq = product_text.rowid WHERE ${where}`;
  const rows = await store
    .prepare<{ id: string }>(
      `SELECT product.id ${found} ORDER BY bm25(product_text, 10, 4, 3, 1), product.seq LIMIT ? OFFSET ?`,
    )
    .all(...parameters, page.limit, page.offset);
  const counted = await store.prepare<{ total: number }>(`SELECT count(*) AS total ${found}`).get(...parameters);
  return {
    ids: rows.map(({ id }) => id),
    total: counted?.total ?? 0,
    categories: await facet(store, 'categories', where, parameters),
    tags: await facet(store, 'tags', where, parameters),
  };
}

function facet(
  store: Store,
  column: 'categories' | 'tags',
  where: string,
  parameters: readonly SqlValue[],
): Promise<FacetCount[]> {
  return store
    .prepare<FacetCount>(
      `SELECT each.value AS value, count(*) AS count
       FROM product_text JOIN product ON product.seq = product_text.rowid, json_each(product.${column}) AS each
       WHERE ${where} GROUP BY each.value ORDER BY count DESC, each.value LIMIT ${FACET_VALUES_MAX}`,
    )
    .all(...parameters);
}

function conditions(match: string, filters: SearchFilters): { where: string; parameters: SqlValue[] } {
  const where = ['product_text MATCH ?'];
  const parameters: SqlValue[] = [match];
  const add = (condition: string, value: SqlValue | undefined) => {
    if (value === undefined) return;
    where.push(condition);
    parameters.push(value);
  };
  add('product.seq IN (SELECT seq FROM product_category WHERE category = ?)', filters.category);
  add('EXISTS (SELECT 1 FROM json_each(product.tags) AS tag WHERE tag.value = ?)', filters.tag);
  add('product.price_minor >= ?', filters.priceMinMinor);
  add('product.price_minor <= ?', filters.priceMaxMinor);
  if (filters.inStock === true) where.push('product.stock > 0');
  if (filters.inStock === false) where.push('product.stock = 0');
  return { where: where.join(' AND '), parameters };
}

/** Whether any active product matches. */
export async function matchesAny(store: Store, match: string): Promise<boolean> {
  const row = await store.prepare('SELECT rowid FROM product_text WHERE product_text MATCH ? LIMIT 1').get(match);
  return row !== undefined;
}

/** Words of active products' titles, tags and categories of a length between the two, in characters. */
export function vocabulary(store: Store, lengthMin: number, lengthMax: number): Promise<VocabularyWord[]> {
  return store
    .prepare<VocabularyWord>(
      'SELECT term AS word, doc AS products FROM product_vocabulary WHERE length(term) BETWEEN ? AND ?',
    )
    .all(lengthMin, lengthMax);
}

interface ProductRow {
  seq: number;
  id: string;
  title: string;
  description: string;
  price_minor: number;
  currency: string;
  categories: string;
  tags: string;
  picture_url: string | null;
  stock: number;
  attributes: string;
  active: number;
  revision: number;
  changed_at_ms: number;
}

function columnsOf(product: Product): SqlValue[] {
  return [
    product.title,
    product.description,
    product.price.amountMinor,
    product.price.currency,
    JSON.stringify(product.categories),
    JSON.stringify(product.tags),
    product.pictureUrl,
    product.stock,
    JSON.stringify(product.attributes),
    Number(product.active),
    product.revision,
    product.changedAtMs,
  ];
}

function productOf(row: ProductRow): Product {
  return {
    id: row.id,
    title: row.title,
    description: row.description,
    price: { amountMinor: row.price_minor, currency: row.currency },
    categories: JSON.parse(row.categories),
    tags: JSON.parse(row.tags),
    pictureUrl: row.picture_url,
    stock: row.stock,
    attributes: JSON.parse(row.attributes),
    active: row.active === 1,
    revision: row.revision,
    changedAtMs: row.changed_at_ms,
  };
}
