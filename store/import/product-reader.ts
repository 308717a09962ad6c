import { FileInvalid, type Table, type TableRow, t } from 'relearn';
import { Compile } from 'typebox/compile';
import { product, productDraft } from '../catalog/contract.ts';
import { chooseColumns, type Field } from './choose-columns.ts';
import { parseNumber, parseText } from './parse-cell.ts';
import type { ImportedProduct } from './write-batches.ts';

/** What a file of products may say of each; flags of the same names choose the columns. */
export const productFields = [
  { name: 'id', guesses: ['id', 'productid', 'itemid', 'sku', 'stockcode', 'articleid', 'code'], required: true },
  { name: 'title', guesses: ['title', 'name', 'productname', 'description'], required: true },
  { name: 'price', guesses: ['price', 'unitprice', 'amount'] },
  { name: 'price-minor', guesses: ['priceminor', 'pricecents', 'amountminor'] },
  { name: 'currency', guesses: ['currency', 'pricecurrency'] },
  { name: 'description', guesses: ['description', 'text', 'summary'] },
  { name: 'categories', guesses: ['categories', 'category', 'department'] },
  { name: 'tags', guesses: ['tags', 'keywords'] },
  { name: 'picture', guesses: ['pictureurl', 'picture', 'imageurl', 'image', 'imagelink'] },
  { name: 'stock', guesses: ['stock', 'stockquantity', 'inventory', 'available'] },
] as const satisfies readonly Field[];

const check = Compile(t.Object({ id: product.properties.id, ...productDraft.properties }));

/**
 * Reads rows into products. A price may be an amount (`19.99`), minor units, or, in NDJSON, an object as the catalog gives it;
 * lists are JSON arrays or text parted by `|` or `;`. Columns that no field takes become attributes.
 *
 * @param flags Column names by field, and `money`: the currency where no column says it.
 * @throws FileInvalid from either function.
 */
export function productReader(
  table: Table,
  flags: Readonly<Record<string, unknown>>,
): (row: TableRow) => ImportedProduct {
  const columns = chooseColumns(table, productFields, flags);
  if (columns.price === undefined && columns['price-minor'] === undefined) {
    const hint = 'name it with --price or --price-minor';
    throw new FileInvalid(
      table.path,
      `there is no column for price; ${hint}; columns found: ${table.columns.join(', ')}`,
      {
        line: 1,
      },
    );
  }
  const currencyOfAll = typeof flags.money === 'string' ? flags.money : 'EUR';
  const used = new Set(Object.values(columns));
  const rest = table.columns.flatMap((name, index) =>
    used.has(index) || KEPT_BY_CATALOG.has(name) ? [] : [{ name, index }],
  );
  return ({ line, cells }) => {
    const cell = (name: keyof typeof columns) => (columns[name] === undefined ? undefined : cells[columns[name]]);
    const text = (name: keyof typeof columns) => parseText(cell(name));
    const stock = parseNumber(cell('stock'));
    const read = {
      id: text('id'),
      title: text('title'),
      price: priceOf(cell('price'), cell('price-minor'), text('currency') ?? currencyOfAll),
      description: columns.description === columns.title ? '' : (text('description') ?? ''),
      categories: listOf(cell('categories')),
      tags: listOf(cell('tags')),
      pictureUrl: text('picture') ?? null,
      ...(stock !== undefined && { stock }),
      attributes: attributesOf(rest, cells),
    };
    if (check.Check(read)) return read;
    const [first] = check.Errors(read);
    const field = first?.instancePath.slice(1).replaceAll('/', '.') ?? '';
    throw new FileInvalid(table.path, `${field} ${first?.message ?? 'is no product'}`.trim(), { line });
  };
}

/** Fields of an exported product that the catalog gives itself. */
const KEPT_BY_CATALOG = new Set(['revision', 'changedAtMs', 'active', 'attributes']);

function priceOf(price: unknown, priceMinor: unknown, currency: string): unknown {
  if (typeof price === 'object' && price !== null) return price;
  const minor = parseNumber(priceMinor);
  if (minor !== undefined) return { amountMinor: minor, currency };
  const major = parseNumber(price);
  return major === undefined ? undefined : { amountMinor: Math.round(major * 100), currency };
}

function listOf(cell: unknown): string[] {
  if (Array.isArray(cell)) return cell.map(String);
  return (parseText(cell) ?? '')
    .split(/[|;]/)
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

function attributesOf(
  columns: readonly { readonly name: string; readonly index: number }[],
  cells: readonly unknown[],
): Record<string, string | number | boolean> {
  const attributes: Record<string, string | number | boolean> = {};
  for (const { name, index } of columns) {
    const value = cells[index];
    if (typeof value === 'number' || typeof value === 'boolean') attributes[name] = value;
    else {
      const text = parseText(value);
      if (text !== undefined) attributes[name] = text;
    }
  }
  return attributes;
}
