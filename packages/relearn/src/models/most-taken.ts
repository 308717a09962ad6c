import type { RankingData } from './ranking.ts';

/** Which items a model learns, where learning all would cost too much. */
export interface MostTakenSettings {
  /** Items that fewer users took are left out: what those few say is mostly chance. None are while there are at most {@link ITEMS_MIN}. */
  readonly takersMin?: number | undefined;
  /** At most so many, those that most users took. */
  readonly itemsMax?: number | undefined;
}

/** So few items cost too little to leave any out. */
export const ITEMS_MIN = 1_000;

/** The items that the settings keep, ascending; of equals the lower index first. O(deeds + items · log items). */
export function mostTaken(data: RankingData, { takersMin = 0, itemsMax = Infinity }: MostTakenSettings): Int32Array {
  const takers = takersOf(data);
  const order = Int32Array.from(takers.keys()).sort((a, b) => takers[b]! - takers[a]! || a - b);
  const enough = takers.reduce((count, users) => count + (users >= takersMin ? 1 : 0), 0);
  return order.subarray(0, Math.min(itemsMax, Math.max(enough, ITEMS_MIN))).sort();
}

/** Place of each item among those kept, −1 for the others. */
export function placesOf(kept: Int32Array, itemCount: number): Int32Array {
  const places = new Int32Array(itemCount).fill(-1);
  for (let place = 0; place < kept.length; place++) places[kept[place]!] = place;
  return places;
}

/** How many users took each item. */
function takersOf({ itemCount, users, items }: RankingData): Int32Array {
  const takers = new Int32Array(itemCount);
  const lastTaker = new Int32Array(itemCount).fill(-1);
  for (let deed = 0; deed < items.length; deed++) {
    const item = items[deed]!;
    if (lastTaker[item] === users[deed]) continue;
    lastTaker[item] = users[deed]!;
    takers[item]!++;
  }
  return takers;
}
