import type { Interaction } from '../../services/recommender/contract.ts';
import type { Item } from './products.ts';
import type { Random } from './random.ts';
import type { Shopper } from './tastes.ts';
import type { Wishes } from './wishes.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Relative traffic by hour of the day, UTC: quiet at night, busy at lunch and after supper. */
const HOURS = [1, 1, 0, 0, 0, 1, 2, 4, 5, 6, 6, 7, 8, 7, 6, 6, 6, 7, 8, 10, 11, 10, 6, 3];

export interface HistorySpan {
  readonly startMs: number;
  readonly endMs: number;
}

/** What a shopper is drawn from. */
export interface Person {
  readonly shopper: Shopper;
  readonly wishes: Wishes;
  readonly companions: ReadonlyMap<string, readonly Item[]>;
  readonly random: Random;
}

/** Everything one shopper did in the span, in order of time: looks, basket, checkout, and back again when things are used up. */
export function historyOf(person: Person, span: HistorySpan): Interaction[] {
  const done: Interaction[] = [];
  const owned = new Set<string>();
  const due = new Map<Item, number>();
  for (const startMs of visitTimes(person, span)) {
    visit(person, { startMs, owned, due }, (interaction) => {
      if (interaction.atMs < span.endMs) done.push(interaction);
    });
  }
  return done;
}

interface Visit {
  readonly startMs: number;
  readonly owned: Set<string>;
  /** When what is used up will be bought again. */
  readonly due: Map<Item, number>;
}

type Record = (interaction: Interaction & { readonly atMs: number }) => void;

function visit(person: Person, { startMs, owned, due }: Visit, record: Record): void {
  const { random, shopper, wishes } = person;
  const { userId } = shopper;
  let atMs = startMs;
  const next = () => (atMs += 5_000 + random.below(40_000));
  const basket = new Set<Item>();
  const look = (item: Item) => {
    if (random.chance(0.35)) record({ kind: 'click', userId, itemId: item.product.id, atMs: next() });
    record({ kind: 'view', userId, itemId: item.product.id, atMs: next() });
  };
  const take = (item: Item) => {
    basket.add(item);
    record({ kind: 'cart-add', userId, itemId: item.product.id, atMs: next() });
  };
  for (const [item, dueMs] of due) if (dueMs <= startMs) take(item);
  const isBuying = random.chance(shopper.buysShare);
  for (let looks = 1 + random.count(2.6); looks > 0; looks--) {
    const item = wishes.draw(atMs);
    look(item);
    if (owned.has(item.product.id) || basket.has(item) || item.product.stock === 0) continue;
    if (random.chance(isBuying ? 0.45 : 0.06)) take(item);
  }
  const chosen = [...basket];
  for (const item of chosen) complete(person, item, basket, look, take);
  if (!isBuying && !chosen.some((item) => due.has(item))) return;
  checkout(person, basket, next(), { startMs, owned, due }, record);
}

function complete(
  { random, shopper, companions }: Person,
  item: Item,
  basket: Set<Item>,
  look: (item: Item) => void,
  take: (item: Item) => void,
): void {
  if (!random.chance(shopper.completesShare)) return;
  const companion = random.pick(companions.get(item.product.id) ?? []);
  if (basket.has(companion) || companion.product.stock === 0) return;
  look(companion);
  take(companion);
}

function checkout(
  person: Person,
  basket: Set<Item>,
  atMs: number,
  { startMs, owned, due }: Visit,
  record: Record,
): void {
  const { random, shopper } = person;
  const basketId = `${shopper.userId}-${startMs}`;
  for (const item of basket) {
    const lastsDays = item.category.lastsDays;
    const quantity = lastsDays === undefined ? 1 : 1 + random.count(0.4);
    record({
      kind: 'purchase',
      userId: shopper.userId,
      itemId: item.product.id,
      atMs,
      basketId,
      quantity,
      value: (quantity * item.product.price.amountMinor) / 100,
    });
    if (lastsDays === undefined) owned.add(item.product.id);
    else if (random.chance(shopper.returnsShare)) {
      due.set(item, atMs + lastsDays * DAY_MS * Math.exp(0.25 * random.normal()));
    } else due.delete(item);
  }
}

function visitTimes({ shopper, random }: Person, { startMs, endMs }: HistorySpan): number[] {
  const days = (endMs - startMs) / DAY_MS;
  const times = Array.from({ length: 1 + random.count(shopper.visitsPerDay * days) }, () => {
    const dayMs = Math.floor((startMs + random.unit() * (endMs - startMs)) / DAY_MS) * DAY_MS;
    return dayMs + drawHour(random) * 60 * MINUTE_MS + random.below(60 * MINUTE_MS);
  });
  return times.filter((atMs) => atMs >= startMs && atMs < endMs).sort((a, b) => a - b);
}

const HOURS_TOTAL = HOURS.reduce((sum, weight) => sum + weight, 0);

function drawHour(random: Random): number {
  let left = random.unit() * HOURS_TOTAL;
  return HOURS.findIndex((weight) => {
    left -= weight;
    return left < 0;
  });
}
