/** Rules of a business contradict one another; the message names both. */
export class RulesContradict extends RangeError {
  override readonly name = 'RulesContradict';
}

/** An item that has a place of its own, from 0, whatever its score. */
export interface Pin {
  readonly item: number;
  readonly place: number;
}

export interface PlacementRules {
  /** Places of the list. */
  readonly k: number;
  readonly pins?: readonly Pin[];
  /** Items that come after all others. */
  readonly isBuried?: (item: number) => boolean;
  /** Everything is when left out. */
  readonly isInStock?: (item: number) => boolean;
  readonly cap?: CategoryCap;
}

export interface CategoryCap {
  /** An item counts in each of its categories; in none it is never capped. */
  categoriesOf(this: void, item: number): readonly string[];
  /** Items of a category that one list may hold; Infinity for any number. */
  maxOf(this: void, category: string): number;
}

/**
 * The first `k` items that the rules let through, otherwise in their order; an item that comes twice keeps its first place. Last of all
 * steps: what comes after it may break a rule.
 *
 * - A pin need not be among the items. Out of stock, it lapses; where too few items come before its place, it moves up: a list has no holes.
 * - Pins count in their categories first, wherever they stand. A cap is never broken to fill the list: with too few items left it is shorter.
 *
 * O(items + pins).
 *
 * @throws RulesContradict when two pins claim one place, one item two places, a place is not in the list, a pinned item is buried, or pins alone
 *   break a cap.
 */
export function placed(items: Iterable<number>, rules: PlacementRules): Int32Array {
  const { k, isInStock = () => true, isBuried = () => false } = rules;
  const room = new CategoryRoom(rules.cap);
  const pins = pinsByPlace(rules).filter(({ item }) => isInStock(item));
  for (const { item } of pins) {
    const full = room.admit(item);
    if (full !== undefined) throw new RulesContradict(`The pins alone are more items of ${full} than its cap allows.`);
  }
  const loose = new Set(items);
  for (const { item } of pins) loose.delete(item);
  const inStock = [...loose].filter(isInStock);
  const queue = [...inStock.filter((item) => !isBuried(item)), ...inStock.filter(isBuried)].values();
  const list: number[] = [];
  while (list.length < k) {
    const next = pins[0]?.place === list.length ? pins.shift() : { item: firstOf(queue, room) };
    const item = next?.item ?? pins.shift()?.item;
    if (item === undefined) break;
    list.push(item);
  }
  return Int32Array.from(list);
}

function firstOf(queue: Iterator<number>, room: CategoryRoom): number | undefined {
  for (let { value, done } = queue.next(); !done; { value, done } = queue.next())
    if (room.admit(value as number) === undefined) return value as number;
  return undefined;
}

/** What caps leave of each category. */
class CategoryRoom {
  readonly #cap: CategoryCap | undefined;
  readonly #counts = new Map<string, number>();

  constructor(cap: CategoryCap | undefined) {
    this.#cap = cap;
  }

  /** Counts an item, or says which category is full. */
  admit(item: number): string | undefined {
    if (!this.#cap) return undefined;
    const { maxOf } = this.#cap;
    const categories = new Set(this.#cap.categoriesOf(item));
    for (const category of categories) if ((this.#counts.get(category) ?? 0) + 1 > maxOf(category)) return category;
    for (const category of categories) this.#counts.set(category, (this.#counts.get(category) ?? 0) + 1);
    return undefined;
  }
}

function pinsByPlace({ k, pins = [], isBuried }: PlacementRules): Pin[] {
  const sorted = pins.toSorted((a, b) => a.place - b.place);
  const placeOf = new Map<number, number>();
  for (const [at, { item, place }] of sorted.entries()) {
    const before = sorted[at - 1];
    const other = placeOf.get(item);
    if (!(Number.isInteger(place) && place >= 0 && place < k))
      throw new RulesContradict(`Item ${item} is pinned to place ${place} of a list of ${k}.`);
    if (before?.place === place)
      throw new RulesContradict(`Items ${before.item} and ${item} are both pinned to place ${place}.`);
    if (other !== undefined) throw new RulesContradict(`Item ${item} is pinned to places ${other} and ${place}.`);
    if (isBuried?.(item)) throw new RulesContradict(`Item ${item} is both pinned and buried.`);
    placeOf.set(item, place);
  }
  return sorted;
}
