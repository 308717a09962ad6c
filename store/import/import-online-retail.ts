import { openTable } from 'relearn';
import type { Interaction } from '../../services/recommender/contract.ts';
import { productGatherer } from './online-retail-products.ts';
import { type InvoiceLine, invoiceLineReader, reasonLeftOut } from './online-retail-row.ts';
import type { ImportSummary } from './summary.ts';
import {
  batchesOf,
  type CatalogClient,
  type ImportedProduct,
  type ImportOptions,
  type RecommenderClient,
  writeInteractions,
  writeProducts,
} from './write-batches.ts';

/** The Online Retail file, read and checked whole. */
export interface OnlineRetail {
  readonly rows: number;
  readonly products: readonly ImportedProduct[];
  /** Purchases in the file's order; invoice lines are baskets. */
  readonly purchases: readonly Interaction[];
  readonly leftOut: Readonly<Record<string, number>>;
}

/**
 * Reads UCI's Online Retail, plain or gzip: 541,909 rows in about 2.5 s of one core, all kept in memory (0.4 GB).
 * A purchase's id is its invoice and its place on it, so that importing the file again counts nothing twice.
 * @throws FileInvalid at the first row that cannot be read, or when a column is missing.
 */
export async function readOnlineRetail(path: string, signal?: AbortSignal): Promise<OnlineRetail> {
  const table = await openTable(path, signal);
  const read = invoiceLineReader(table);
  const gatherer = productGatherer();
  const purchases: Interaction[] = [];
  const leftOut: Record<string, number> = {};
  const linesOf = new Map<string, number>();
  let rows = 0;
  for await (const batch of table.rows()) {
    rows += batch.length;
    for (const row of batch) {
      const line = read(row);
      gatherer.add(line);
      const place = (linesOf.get(line.invoice) ?? 0) + 1;
      linesOf.set(line.invoice, place);
      const reason = reasonLeftOut(line);
      if (reason === undefined) purchases.push(purchaseOf(line, place));
      else leftOut[reason] = (leftOut[reason] ?? 0) + 1;
    }
  }
  return { rows, products: gatherer.products(), purchases, leftOut };
}

function purchaseOf(line: InvoiceLine, place: number): Interaction {
  return {
    id: `online-retail-${line.invoice}-${place}`,
    kind: 'purchase',
    userId: line.customer,
    itemId: line.code,
    atMs: line.atMs,
    quantity: line.quantity,
    value: Math.round(line.quantity * line.unitPrice * 100) / 100,
    basketId: line.invoice,
  };
}

/** Reads and checks the whole file, then writes products and purchases in batches. May be repeated, or go on after a crash. */
export async function importOnlineRetail(
  path: string,
  { catalog, recommender }: { readonly catalog: CatalogClient; readonly recommender: RecommenderClient },
  { progress, signal }: ImportOptions = {},
): Promise<ImportSummary> {
  const { rows, products, purchases, leftOut } = await readOnlineRetail(path, signal);
  progress?.(0, `${rows.toLocaleString('en')} rows checked`);
  const taken = { 'products created': 0, 'products changed': 0, purchases: 0, 'purchases known before': 0 };
  for (const batch of batchesOf(products)) {
    const { created, changed } = await writeProducts(catalog, batch);
    taken['products created'] += created;
    taken['products changed'] += changed;
  }
  let written = 0;
  for (const batch of batchesOf(purchases)) {
    signal?.throwIfAborted();
    const { accepted, duplicates } = await writeInteractions(recommender, batch);
    taken.purchases += accepted;
    taken['purchases known before'] += duplicates;
    written += batch.length;
    progress?.(written / purchases.length, `${written.toLocaleString('en')} purchases`);
  }
  return { path, rows, taken, leftOut, notes: notesOn(purchases) };
}

function notesOn(purchases: readonly Interaction[]): string[] {
  const customers = new Set(purchases.map(({ userId }) => userId)).size;
  const baskets = new Set(purchases.map(({ basketId }) => basketId)).size;
  return [
    `${customers.toLocaleString('en')} customers, ${baskets.toLocaleString('en')} baskets`,
    'The file knows no stock: it is set to what was sold in its last 30 days.',
  ];
}
