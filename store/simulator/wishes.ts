import type { Demand } from './demand.ts';
import type { Item } from './products.ts';
import type { Random } from './random.ts';
import { preference, type Shopper } from './tastes.ts';

/** Draws what one shopper turns to next. */
export interface Wishes {
  /** In proportion to preference and the demand of the time. */
  draw(atMs: number): Item;
}

/** O(items) to make, O(log items) a draw. */
export function wishesOf(shopper: Shopper, items: readonly Item[], demand: Demand, random: Random): Wishes {
  const sums = new Float64Array(items.length);
  let total = 0;
  for (const [index, item] of items.entries()) {
    total += preference(shopper, item);
    sums[index] = total;
  }
  return {
    draw(atMs) {
      for (;;) {
        const item = items[firstAbove(sums, random.unit() * total)] as Item;
        if (random.unit() < demand.at(item, atMs)) return item;
      }
    },
  };
}

function firstAbove(sums: Float64Array, value: number): number {
  let low = 0;
  let high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sums[middle] as number) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
