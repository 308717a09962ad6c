import type { Store } from 'relearn';
import type { ItemContent, RankingData } from 'relearn/models';
import { basketNumber } from './interaction-log.ts';
import { contentOf, type ProductRow, productOf } from './product-shelf.ts';

/** What is learned from: all interactions as columns, sorted by person, then time. */
export interface Dataset extends RankingData {
  /** Number of each item in the interaction log, by its dense index. */
  readonly itemIds: Int32Array;
  /** 1 where the interaction is what is to be foretold: a purchase, or any where none was bought. */
  readonly wanted: Uint8Array;
  /** Of one of the item, where it was bought and the price is known; NaN elsewhere. */
  readonly prices: Float32Array;
  /** Until when they are told, where that is before some time: the newest may be older. */
  readonly untilMs?: number;
  /** What each item says of itself; undefined where that is not known. */
  readonly contents: readonly (ItemContent | undefined)[];
}

interface Row {
  sequence: number;
  person: number;
  item: number;
  at_ms: number;
  weight: number;
  timed: number;
  basket: string | null;
  bought: number;
  /** Null where none is known. */
  price: number | null;
}

/** Rows read at a time. */
const READ_ROWS = 5_000;

const read = `
  WITH purchase AS (SELECT id FROM kinds WHERE name = 'purchase')
  SELECT sequence, person, item, at_ms, weight, timed, basket, kind = (SELECT id FROM purchase) AS bought,
    CASE WHEN kind = (SELECT id FROM purchase) AND value > 0 THEN value / quantity END AS price
  FROM interactions WHERE sequence > ? ORDER BY sequence LIMIT ${READ_ROWS}`;

/** Reads the whole log; about a second a million rows, 70 bytes each. */
export async function loadDataset(store: Store, { signal }: { readonly signal: AbortSignal }) {
  const columns: Columns = { people: [], items: [], atMs: [], weights: [], baskets: [], bought: [], prices: [] };
  let [first, last] = [0, 0];
  for (;;) {
    signal.throwIfAborted();
    const rows = await store.prepare<Row>(read).all(last);
    if (rows.length === 0) break;
    first ||= rows[0]!.sequence;
    last = rows.at(-1)!.sequence;
    for (const row of rows) append(columns, row);
  }
  return { data: datasetOf(columns, await contentsOf(store)), range: [first, last + 1] as const };
}

/** By item number in the log. */
async function contentsOf(store: Store): Promise<Map<number, ItemContent>> {
  const rows = await store
    .prepare<ProductRow & { number: number }>(
      'SELECT items.id AS number, products.* FROM products JOIN items ON items.name = products.item',
    )
    .all();
  return new Map(rows.map((row) => [row.number, contentOf(productOf(row))]));
}

export interface Columns {
  readonly people: number[];
  readonly items: number[];
  /** NaN where no time is known. */
  readonly atMs: number[];
  readonly weights: number[];
  readonly baskets: number[];
  readonly bought: number[];
  /** NaN where none is known. */
  readonly prices: number[];
}

function append(columns: Columns, row: Row): void {
  columns.people.push(row.person);
  columns.items.push(row.item);
  columns.atMs.push(row.timed === 1 ? row.at_ms : Number.NaN);
  columns.weights.push(row.weight);
  columns.baskets.push(row.basket === null ? dayNumber(row.at_ms) : basketNumber(row.basket));
  columns.bought.push(row.bought ?? 0);
  columns.prices.push(row.price ?? Number.NaN);
}

/** Without a basket, what was done on one day belongs together. */
function dayNumber(atMs: number): number {
  return Math.floor(atMs / 86_400_000);
}

/** Gives dense indices and sorts. Times count where at least half of the interactions have one; the others are then as old as the oldest that has. */
export function datasetOf(
  { people, items, weights, baskets, bought, prices, ...columns }: Columns,
  contents: ReadonlyMap<number, ItemContent> = new Map(),
): Dataset {
  const person = denseIndices(people);
  const item = denseIndices(items);
  const atMs = filledTimes(columns.atMs);
  const timed = !Number.isNaN(atMs[0]);
  const order = Uint32Array.from(people.keys()).sort(
    (a, b) => person.index[a]! - person.index[b]! || (timed ? atMs[a]! - atMs[b]! : 0) || a - b,
  );
  const anyBought = bought.some((flag) => flag === 1);
  const along = <T>(make: (length: number) => T & { [at: number]: number }, value: (row: number) => number): T => {
    const column = make(order.length);
    for (const [at, row] of order.entries()) column[at] = value(row);
    return column;
  };
  return {
    userCount: person.ids.length,
    itemCount: item.ids.length,
    itemIds: item.ids,
    contents: Array.from(item.ids, (id) => contents.get(id)),
    users: along(
      (length) => new Int32Array(length),
      (row) => person.index[row]!,
    ),
    items: along(
      (length) => new Int32Array(length),
      (row) => item.index[row]!,
    ),
    atMs: along(
      (length) => new Float64Array(length),
      (row) => atMs[row]!,
    ),
    weights: along(
      (length) => new Float32Array(length),
      (row) => weights[row]!,
    ),
    baskets: basketOrder(order, people, baskets),
    wanted: along(
      (length) => new Uint8Array(length),
      (row) => (anyBought ? bought[row]! : 1),
    ),
    prices: along(
      (length) => new Float32Array(length),
      (row) => prices[row]!,
    ),
  };
}

/** All NaN, or none. */
function filledTimes(atMs: readonly number[]): Float64Array {
  const known = atMs.filter((time) => !Number.isNaN(time));
  if (known.length * 2 < atMs.length) return new Float64Array(atMs.length).fill(Number.NaN);
  const oldest = known.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
  return Float64Array.from(atMs, (time) => (Number.isNaN(time) ? oldest : time));
}

/** Baskets numbered as they follow each other: a new number with each new person or basket. */
function basketOrder(order: Uint32Array, people: readonly number[], baskets: readonly number[]): Int32Array {
  const numbers = new Int32Array(order.length);
  for (let at = 1; at < order.length; at++) {
    const [before, row] = [order[at - 1]!, order[at]!];
    const isNew = people[before] !== people[row] || baskets[before] !== baskets[row];
    numbers[at] = numbers[at - 1]! + (isNew ? 1 : 0);
  }
  return numbers;
}

/** Indices 0, 1, 2 … in the order of the ids, so that the same data give the same model. */
function denseIndices(values: readonly number[]): { readonly index: Int32Array; readonly ids: Int32Array } {
  const ids = Int32Array.from(new Set(values)).sort();
  const at = new Map(Array.from(ids, (id, index) => [id, index]));
  return { ids, index: Int32Array.from(values, (value) => at.get(value)!) };
}

/** Cuts of one log that are kept: those that its own windows share with the windows of a window. */
const CUTS_MAX = 8;

/** The whole log of a cut, and the cuts of a log, those asked for last at the end. */
const wholes = new WeakMap<Dataset, Dataset>();
const cuts = new WeakMap<Dataset, Map<number, Dataset>>();

/** What was done before some time, in the same users and items: the same object when it is asked for again, so that what was trained on it serves again. */
export function rowsBefore(data: Dataset, untilMs: number): Dataset {
  const whole = wholes.get(data) ?? data;
  const known = cuts.get(whole) ?? new Map<number, Dataset>();
  cuts.set(whole, known);
  const cut = known.get(untilMs) ?? { ...selectRows(data, (row) => data.atMs[row]! < untilMs), untilMs };
  wholes.set(cut, whole);
  known.delete(untilMs);
  known.set(untilMs, cut);
  if (known.size > CUTS_MAX) known.delete(known.keys().next().value!);
  return cut;
}

/** The rows that `keep` lets pass, in the same users and items. */
export function selectRows(data: Dataset, keep: (row: number) => boolean): Dataset {
  const rows = Int32Array.from(data.users.keys()).filter(keep);
  const pick = <T extends Int32Array | Float64Array | Float32Array | Uint8Array>(column: T): T => {
    const picked = new (column.constructor as new (length: number) => T)(rows.length);
    for (const [at, row] of rows.entries()) picked[at] = column[row]!;
    return picked;
  };
  return {
    ...data,
    users: pick(data.users),
    items: pick(data.items),
    atMs: pick(data.atMs),
    weights: pick(data.weights),
    baskets: pick(data.baskets),
    wanted: pick(data.wanted),
    prices: pick(data.prices),
  };
}
