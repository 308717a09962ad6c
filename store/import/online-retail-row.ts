import { FileInvalid, type Table, type TableRow } from 'relearn';
import { chooseColumns, type Field } from './choose-columns.ts';
import { parseText, parseTimeMs } from './parse-cell.ts';

/** One invoice line of the Online Retail data set, its cells read. */
export interface InvoiceLine {
  readonly invoice: string;
  readonly code: string;
  readonly description: string;
  readonly quantity: number;
  readonly atMs: number;
  /** In pounds. */
  readonly unitPrice: number;
  /** Empty when the customer is not known. */
  readonly customer: string;
}

const fields = [
  { name: 'invoice', guesses: ['invoiceno', 'invoice'], required: true },
  { name: 'code', guesses: ['stockcode'], required: true },
  { name: 'description', guesses: ['description'], required: true },
  { name: 'quantity', guesses: ['quantity'], required: true },
  { name: 'time', guesses: ['invoicedate'], required: true },
  { name: 'price', guesses: ['unitprice', 'price'], required: true },
  { name: 'customer', guesses: ['customerid'], required: true },
] as const satisfies readonly Field[];

/** A reader for the rows of a table with the columns that UCI gave it. @throws FileInvalid when one is missing. */
export function invoiceLineReader(table: Table): (row: TableRow) => InvoiceLine {
  const at = chooseColumns(table, fields) as Record<(typeof fields)[number]['name'], number>;
  const timeMs = rememberLast(parseTimeMs);
  return ({ line, cells }) => {
    const text = (index: number) => parseText(cells[index]) ?? '';
    const number = (name: 'quantity' | 'price') => {
      const value = text(at[name]);
      const parsed = value === '' ? Number.NaN : Number(value);
      if (!Number.isFinite(parsed)) throw badCell(table, line, at[name], value, 'no number');
      return parsed;
    };
    const time = text(at.time);
    const atMs = timeMs(time) ?? Number.NaN;
    if (Number.isNaN(atMs)) throw badCell(table, line, at.time, time, 'no time');
    if (text(at.invoice) === '') throw badCell(table, line, at.invoice, '', 'empty');
    return {
      invoice: text(at.invoice),
      code: text(at.code),
      description: text(at.description),
      quantity: number('quantity'),
      atMs,
      unitPrice: number('price'),
      customer: text(at.customer).replace(/\.0$/, ''),
    };
  };
}

function badCell(table: Table, line: number, column: number, value: string, problem: string): FileInvalid {
  return new FileInvalid(table.path, `${table.columns[column]} is ${problem}: "${value.slice(0, 60)}"`, { line });
}

/** Lines of an invoice follow each other and share their time. */
function rememberLast<T>(parse: (text: string) => T): (text: string) => T {
  let lastText: string | undefined;
  let last: T;
  return (text) => {
    if (text !== lastText) {
      last = parse(text);
      lastText = text;
    }
    return last;
  };
}

/** Why a line is no purchase of a product by a known customer; undefined when it is one. */
export function reasonLeftOut({ invoice, code, customer, quantity, unitPrice }: InvoiceLine): string | undefined {
  if (/^C/i.test(invoice)) return 'returns and cancellations';
  if (!isProductCode(code)) return 'postage, fees, vouchers and samples (codes of no product)';
  if (unitPrice <= 0) return 'price of zero or less: gifts, stock corrections and notes such as "damaged"';
  if (quantity <= 0) return 'quantity of zero or less';
  if (customer === '') return 'without a customer (still counted for titles and prices)';
  return undefined;
}

export function isProductCode(code: string): boolean {
  return /^\d{5}/.test(code);
}
