import { hash } from 'node:crypto';
import { Compile } from 'typebox/compile';
import { type Interaction, interaction } from '../../services/recommender/contract.ts';
import { chooseColumns, type Field } from './choose-columns.ts';
import { ImportError } from './import-error.ts';
import type { Row, Table } from './open-table.ts';
import { parseNumber, parseText, parseTimeMs } from './parse-cell.ts';

/** What a file of interactions may say of each; flags of the same names choose the columns. */
export const interactionFields = [
  { name: 'user', guesses: ['userid', 'user', 'customerid', 'customer', 'uid', 'memberid', 'member'] },
  { name: 'visitor', guesses: ['visitorid', 'visitor', 'sessionid', 'session', 'anonymousid', 'cookieid'] },
  {
    name: 'item',
    guesses: ['itemid', 'item', 'productid', 'product', 'sku', 'stockcode', 'articleid', 'movieid', 'asin'],
    required: true,
  },
  { name: 'time', guesses: ['atms', 'timestamp', 'time', 'at', 'ts', 'datetime', 'date', 'createdat', 'invoicedate'] },
  { name: 'kind', guesses: ['kind', 'event', 'eventtype', 'action', 'type', 'interaction', 'behavior'] },
  { name: 'quantity', guesses: ['quantity', 'qty'] },
  { name: 'value', guesses: ['value', 'rating', 'amount', 'stars', 'score'] },
  { name: 'weight', guesses: ['weight'] },
  { name: 'basket', guesses: ['basketid', 'basket', 'orderid', 'order', 'invoiceno', 'invoice', 'transactionid'] },
  { name: 'id', guesses: ['id', 'interactionid', 'eventid'] },
] as const satisfies readonly Field[];

const AHEAD_MS_MAX = 5 * 60_000;
const kinds: Readonly<Record<string, string>> = {
  addtocart: 'cart-add',
  cart: 'cart-add',
  cartadd: 'cart-add',
  transaction: 'purchase',
  buy: 'purchase',
  order: 'purchase',
  pageview: 'view',
};
const check = Compile(interaction);

export interface InteractionReader {
  readonly read: (row: Row) => Interaction;
  /** Sentences on what the file did not say and was filled in. */
  readonly notes: readonly string[];
}

/**
 * Reads rows into interactions. Without an id column the id is a hash of what the row says, so that the same row, read again or
 * from a longer file, counts once.
 *
 * @param flags    Column names by field, and `as`: the kind of all rows where no column says it.
 * @param defaults `atMs` where there is no time column; `nowMs`, which no time may be far ahead of.
 * @throws ImportError from either function, when a column is missing or a row cannot be read.
 */
export function interactionReader(
  table: Table,
  flags: Readonly<Record<string, unknown>>,
  defaults: { readonly atMs: number; readonly nowMs: number },
): InteractionReader {
  const columns = chooseColumns(table, interactionFields, flags);
  if (columns.user === undefined && columns.visitor === undefined) {
    throw new ImportError(
      table.path,
      `there is no column for user or visitor; name it with --user or --visitor; columns found: ${table.columns.join(', ')}`,
      { line: 1 },
    );
  }
  const kindOfAll = typeof flags.as === 'string' ? flags.as : guessedKind(columns);
  const notes = [
    ...(columns.kind === undefined
      ? [`No column says what was done: all rows are taken as ${kindOfAll} (--as KIND).`]
      : []),
    ...(columns.time === undefined ? ['No column says when: the time of the file stands for all rows.'] : []),
  ];
  return { notes, read: (row) => readRow(row) };

  function readRow({ line, cells }: Row): Interaction {
    const cell = (name: keyof typeof columns) => (columns[name] === undefined ? undefined : cells[columns[name]]);
    const userId = parseText(cell('user'));
    const visitorId = userId === undefined ? parseText(cell('visitor')) : undefined;
    const atMs = columns.time === undefined ? defaults.atMs : parseTimeMs(cell('time'));
    if (userId === undefined && visitorId === undefined) throw problem(line, 'neither user nor visitor is named');
    if (atMs === undefined || Number.isNaN(atMs))
      throw problem(line, `${parseText(cell('time')) ?? 'an empty cell'} is no time`);
    if (atMs > defaults.nowMs + AHEAD_MS_MAX) throw problem(line, `${new Date(atMs).toISOString()} lies in the future`);
    const said = {
      kind: kindOf(parseText(cell('kind'))) ?? kindOfAll,
      ...defined({ userId, visitorId, itemId: parseText(cell('item')), basketId: parseText(cell('basket')) }),
      ...defined({ quantity: parseNumber(cell('quantity')), value: parseNumber(cell('value')) }),
      ...defined({ weight: parseNumber(cell('weight')) }),
      atMs,
    };
    const read = { id: parseText(cell('id')) ?? hash('sha1', JSON.stringify(said), 'base64url'), ...said };
    if (check.Check(read)) return read;
    const [first] = check.Errors(read);
    throw problem(line, first ? `${first.instancePath.slice(1)} ${first.message}`.trim() : 'no interaction');
  }

  function problem(line: number, text: string): ImportError {
    return new ImportError(table.path, text, { line });
  }
}

function guessedKind(columns: Readonly<Record<string, number | undefined>>): string {
  if (columns.basket !== undefined || columns.quantity !== undefined) return 'purchase';
  return columns.value === undefined ? 'view' : 'rating';
}

function kindOf(text: string | undefined): string | undefined {
  return text && (kinds[text.toLowerCase().replace(/[^a-z]/g, '')] ?? text);
}

function defined<T extends Record<string, unknown>>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const kept = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
