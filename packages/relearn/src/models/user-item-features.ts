import type { CandidateFeatures, RankingQuestion } from './candidate-features.ts';
import { checkRankingData } from './check-ranking-data.ts';
import type { Packed } from './codec.ts';
import type { History, RankingData } from './ranking.ts';
import { salesTrend } from './trend.ts';
import { DAY_MS } from './user-item-rows.ts';
import { beginsVisit, visitStarts } from './visits.ts';

/** How far back what was taken of an item is counted, days. */
const SPANS_DAYS = [7, 14, 30, 90, Number.POSITIVE_INFINITY];
/** How far back those are counted who took an item for the first time, days. */
const NEW_SPANS_DAYS = [14, 30, 90];

const ofItem = [
  'trend',
  ...SPANS_DAYS.map((days) => `taken ${days} days`),
  'takers',
  'first taken',
  'last taken',
  'takes a taker',
  ...NEW_SPANS_DAYS.map((days) => `new takers ${days} days`),
  'share of takers again',
];
const ofUser = [
  'visits',
  'items',
  'takes',
  'items a visit',
  'last visit',
  'first visit',
  'pause',
  'takes an item',
  'visits 30 days',
];
const ofBoth = [
  'own visits',
  'own last',
  'own first',
  'own pause',
  'overdue',
  'own share',
  'own last before last visit',
];

/**
 * What a log of who took what when says of an item, of a user, and of what the two have to do with each other. Ages are in days, from when the features were made,
 * or from the newest deed of a history where that is later.
 */
export class UserItemFeatures implements CandidateFeatures {
  readonly names = [...ofItem, ...ofUser, ...ofBoth];
  readonly #nowMs: number;
  /** f32 row-major, shape (itemCount, ofItem.length). */
  readonly #items: Float32Array;

  constructor(nowMs: number, items: Float32Array) {
    this.#nowMs = nowMs;
    this.#items = items;
  }

  write(
    { history }: RankingQuestion,
    candidates: Int32Array,
    rows: Float32Array,
    stride: number,
    column: number,
  ): void {
    const nowMs = Math.max(this.#nowMs, history.atMs.at(-1) ?? Number.NEGATIVE_INFINITY);
    const past = pastOf(history, nowMs);
    for (const [at, item] of candidates.entries()) {
      let to = at * stride + column;
      const from = item * ofItem.length;
      for (let feature = 0; feature < ofItem.length; feature++) rows[to++] = this.#items[from + feature]!;
      for (const value of past.user) rows[to++] = value;
      writeOwn(past, item, rows, to);
    }
  }

  pack(): Packed {
    return { settings: { nowMs: this.#nowMs }, columns: { items: this.#items } };
  }

  static unpack({ settings, columns }: Packed): UserItemFeatures {
    return new UserItemFeatures(settings.nowMs as number, columns.items as Float32Array);
  }
}

interface Own {
  visits: number;
  firstDays: number;
  lastDays: number;
}

interface Past {
  readonly visits: number;
  readonly lastDays: number;
  /** As `ofUser` names it. */
  readonly user: readonly number[];
  readonly own: ReadonlyMap<number, Own>;
}

function pastOf({ items, atMs }: History, nowMs: number): Past {
  const starts = visitStarts(atMs);
  const own = new Map<number, Own & { visit: number }>();
  for (let visit = 0; visit < starts.length; visit++) {
    const days = (nowMs - atMs[starts[visit]!]!) / DAY_MS;
    for (let deed = starts[visit]!; deed < (starts[visit + 1] ?? items.length); deed++) {
      const known = own.get(items[deed]!);
      if (known === undefined) own.set(items[deed]!, { visits: 1, firstDays: days, lastDays: days, visit });
      else if (known.visit !== visit) {
        known.visits++;
        known.lastDays = days;
        known.visit = visit;
      }
    }
  }
  const visits = starts.length;
  const daysOf = (visit: number) => (nowMs - (atMs[starts[visit]!] ?? Number.NaN)) / DAY_MS;
  const [firstDays, lastDays] = [daysOf(0), daysOf(visits - 1)];
  const recent = starts.filter((start) => nowMs - atMs[start]! < 30 * DAY_MS).length;
  let takes = 0;
  for (const { visits: count } of own.values()) takes += count;
  const user = [
    visits,
    own.size,
    takes,
    takes / visits,
    lastDays,
    firstDays,
    (firstDays - lastDays) / (visits - 1),
    takes / own.size,
    recent,
  ].map(finite);
  return { visits, lastDays, user, own };
}

function writeOwn({ visits, lastDays, own }: Past, item: number, rows: Float32Array, at: number): void {
  const known = own.get(item);
  if (known === undefined) {
    rows[at] = 0;
    rows.fill(Number.NaN, at + 1, at + ofBoth.length);
    return;
  }
  const pause = (known.firstDays - known.lastDays) / (known.visits - 1);
  rows[at] = known.visits;
  rows[at + 1] = known.lastDays;
  rows[at + 2] = known.firstDays;
  rows[at + 3] = finite(pause);
  rows[at + 4] = finite(known.lastDays / pause);
  rows[at + 5] = known.visits / visits;
  rows[at + 6] = known.lastDays - lastDays;
}

/** What is not known is missing to trees; infinite they cannot take. */
function finite(value: number): number {
  return Number.isFinite(value) ? value : Number.NaN;
}

/** O(deeds). */
export function trainUserItemFeatures(data: RankingData, { nowMs }: { readonly nowMs: number }): UserItemFeatures {
  checkRankingData(data);
  const { itemCount, items, users, atMs, weights } = data;
  const width = ofItem.length;
  const table = new Float32Array(itemCount * width);
  const trend = salesTrend(data, nowMs);
  const takers = 1 + SPANS_DAYS.length;
  const newTakers = takers + 4;
  const again = newTakers + NEW_SPANS_DAYS.length;
  const lastTaker = new Int32Array(itemCount).fill(-1);
  /** The visit in which the last taker of an item first took it; -1 once they took it in a later one. */
  const firstVisit = new Int32Array(itemCount);
  for (let item = 0; item < itemCount; item++) {
    table[item * width] = trend[item]!;
    table.fill(Number.NaN, item * width + takers + 1, item * width + takers + 3);
  }
  for (let deed = 0, visit = 0; deed < items.length; deed++) {
    const [item, user] = [items[deed]!, users[deed]!];
    const from = item * width;
    const days = (nowMs - atMs[deed]!) / DAY_MS;
    if (user !== users[deed - 1] || beginsVisit(atMs, deed)) visit++;
    countSpans(table, from + 1, SPANS_DAYS, days, weights[deed]!);
    if (lastTaker[item] !== user) {
      lastTaker[item] = user;
      firstVisit[item] = visit;
      table[from + takers]!++;
      countSpans(table, from + newTakers, NEW_SPANS_DAYS, days, 1);
    } else if (firstVisit[item] !== -1 && firstVisit[item] !== visit) {
      firstVisit[item] = -1;
      table[from + again]!++;
    }
    const [first, last] = [table[from + takers + 1]!, table[from + takers + 2]!];
    if (!(first > days)) table[from + takers + 1] = days;
    if (!(last < days)) table[from + takers + 2] = days;
  }
  for (let item = 0; item < itemCount; item++) {
    const from = item * width;
    table[from + takers + 3] = table[from + takers - 1]! / Math.max(1, table[from + takers]!);
    table[from + again] = finite(table[from + again]! / table[from + takers]!);
  }
  return new UserItemFeatures(nowMs, table);
}

function countSpans(table: Float32Array, at: number, spans: readonly number[], days: number, count: number): void {
  for (const [span, daysMax] of spans.entries()) if (!(days >= daysMax)) table[at + span]! += count;
}
