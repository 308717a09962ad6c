import { FileInvalid, openTable } from 'relearn';
import { productReader } from './product-reader.ts';
import type { ImportSummary } from './summary.ts';
import {
  batchesOf,
  type CatalogClient,
  type ImportedProduct,
  type ImportOptions,
  writeProducts,
} from './write-batches.ts';

/** Reads and checks the whole file, then writes it in batches; a product of the same id is replaced. @throws FileInvalid */
export async function importProducts(
  path: string,
  flags: Readonly<Record<string, unknown>>,
  { catalog }: { readonly catalog: CatalogClient },
  { progress, signal }: ImportOptions = {},
): Promise<ImportSummary> {
  const products = await readProducts(path, flags, signal);
  progress?.(0, `${products.length.toLocaleString('en')} rows checked`);
  const taken = { 'products created': 0, 'products changed': 0, 'products as they were': 0 };
  let written = 0;
  for (const batch of batchesOf(products)) {
    signal?.throwIfAborted();
    const { created, changed, unchanged } = await writeProducts(catalog, batch);
    taken['products created'] += created;
    taken['products changed'] += changed;
    taken['products as they were'] += unchanged;
    written += batch.length;
    progress?.(written / products.length, `${written.toLocaleString('en')} products`);
  }
  return { path, rows: products.length, taken, leftOut: {}, notes: [] };
}

async function readProducts(
  path: string,
  flags: Readonly<Record<string, unknown>>,
  signal?: AbortSignal,
): Promise<ImportedProduct[]> {
  const table = await openTable(path, signal);
  const read = productReader(table, flags);
  const lineOf = new Map<string, number>();
  const products: ImportedProduct[] = [];
  for await (const batch of table.rows()) {
    for (const row of batch) {
      const product = read(row);
      const before = lineOf.get(product.id);
      if (before !== undefined) throw new FileInvalid(path, `product ${product.id} is on line ${before} already`, row);
      lineOf.set(product.id, row.line);
      products.push(product);
    }
  }
  if (products.length === 0) throw new FileInvalid(path, 'the file has a header and no rows');
  return products;
}
