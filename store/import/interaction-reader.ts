import { hash } from 'node:crypto';
import { FileInvalid, type Table, type TableRow } from 'relearn';
import { Compile } from 'typebox/compile';
import { type Interaction, interaction } from '../../services/recommender/contract.ts';
import { chooseColumns, type Field } from './choose-columns.ts';
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
  /** The interaction that a row holds. Without an id column its id is left to {@link withContentId}. */
  readonly read: (row: TableRow) => Interaction;
  /** The same, with every limit of the recommender's contract checked. */
  readonly readChecked: (row: TableRow) => Interaction;
  /** Sentences on what the file did not say and was filled in. */
  readonly notes: readonly string[];
}

/**
 * Reads rows into interactions.
 *
 * @param flags    Column names by field, and `as`: the kind of all rows where no column says it.
 * @param nowMs    Which no time may be far ahead of.
 * @throws FileInvalid from every function, when a column is missing or a row cannot be read.
 */
export function interactionReader(
  table: Table,
  flags: Readonly<Record<string, unknown>>,
  nowMs: number,
): InteractionReader {
  const columns = chooseColumns(table, interactionFields, flags);
  if (columns.user === undefined && columns.visitor === undefined) {
    throw new FileInvalid(
      table.path,
      `there is no column for user or visitor; name it with --user or --visitor; columns found: ${table.columns.join(', ')}`,
      { line: 1 },
    );
  }
  const kindOfAll = typeof flags.as === 'string' ? flags.as : guessedKind(columns);

  function read({ line, cells }: TableRow): Interaction {
    const cell = (name: keyof typeof columns) => (columns[name] === undefined ? undefined : cells[columns[name]]);
    const itemId = parseText(cell('item'));
    if (itemId === undefined) throw problem(line, 'no item is named');
    const kind = kindOf(parseText(cell('kind'))) ?? kindOfAll;
    const interaction: Interaction = { kind, itemId, atMs: timeOf(cell('time'), line) };
    namePerson(interaction, parseText(cell('user')), parseText(cell('visitor')), line);
    assign(interaction, 'id', parseText(cell('id')));
    assign(interaction, 'basketId', parseText(cell('basket')));
    assign(interaction, 'quantity', parseNumber(cell('quantity')));
    assign(interaction, 'value', parseNumber(cell('value')));
    assign(interaction, 'weight', parseNumber(cell('weight')));
    return interaction;
  }

  function timeOf(cell: unknown, line: number): number | null {
    if (columns.time === undefined) return null;
    const atMs = parseTimeMs(cell);
    if (atMs === undefined || Number.isNaN(atMs))
      throw problem(line, `${parseText(cell) ?? 'an empty cell'} is no time`);
    if (atMs <= nowMs + AHEAD_MS_MAX) return atMs;
    throw problem(line, `${parseText(cell)} lies in the future`);
  }

  function namePerson(interaction: Interaction, user: string | undefined, visitor: string | undefined, line: number) {
    if (user !== undefined) interaction.userId = user;
    else if (visitor !== undefined) interaction.visitorId = visitor;
    else throw problem(line, 'neither user nor visitor is named');
  }

  function readChecked(row: TableRow): Interaction {
    const interaction = read(row);
    if (check.Check(interaction)) return interaction;
    const [first] = check.Errors(interaction);
    throw problem(row.line, first ? `${first.instancePath.slice(1)} ${first.message}` : 'no interaction');
  }

  function problem(line: number, text: string): FileInvalid {
    return new FileInvalid(table.path, text, { line });
  }

  return { read, readChecked, notes: notesOn(columns, kindOfAll) };
}

/**
 * The interaction with a hash of all it says for an id, where it has none: the same row, read again or from a longer file,
 * counts once.
 */
export function withContentId(interaction: Interaction): Interaction {
  if (interaction.id !== undefined) return interaction;
  return { id: hash('sha1', JSON.stringify(interaction), 'base64url'), ...interaction };
}

function assign<K extends 'id' | 'basketId' | 'quantity' | 'value' | 'weight'>(
  interaction: Interaction,
  name: K,
  value: Interaction[K] | undefined,
): void {
  if (value !== undefined) interaction[name] = value;
}

function notesOn(columns: Readonly<Record<string, number | undefined>>, kindOfAll: string): string[] {
  const notes = [];
  if (columns.kind === undefined)
    notes.push(`No column says what was done: all rows are taken as ${kindOfAll} (--as KIND).`);
  if (columns.time === undefined)
    notes.push('No column says when: nothing is foretold in time, pairs are held out to choose a model.');
  return notes;
}

function guessedKind(columns: Readonly<Record<string, number | undefined>>): string {
  if (columns.basket !== undefined || columns.quantity !== undefined) return 'purchase';
  return columns.value === undefined ? 'view' : 'rating';
}

function kindOf(text: string | undefined): string | undefined {
  return text && (kinds[text.toLowerCase().replace(/[^a-z]/g, '')] ?? text);
}
