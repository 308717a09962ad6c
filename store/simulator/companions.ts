import type { Item } from './products.ts';
import type { Random } from './random.ts';

const COMPANIONS_EACH = 2;

/** Items that go with each item, by id; a lantern has its candles, a plant its pots. Of the same look where there is one. */
export function pairUp(items: readonly Item[], random: Random): ReadonlyMap<string, readonly Item[]> {
  return new Map(items.map((item) => [item.product.id, companionsOf(item, items, random)]));
}

function companionsOf(item: Item, items: readonly Item[], random: Random): Item[] {
  const fitting = items.filter((other) => item.category.goesWith.includes(other.category.name));
  const ofSameLook = fitting.filter((other) => other.style === item.style);
  return [...random.shuffled(ofSameLook), ...random.shuffled(fitting)].slice(0, COMPANIONS_EACH);
}
