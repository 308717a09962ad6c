import type { RankedList } from './ranked-list.ts';

/**
 * The list in the order of its scores times a factor for each item: above 1 lifts an item, below 1 lowers it. Scores below 0 are divided by it,
 * so that a factor means the same on both sides; of equals the earlier first. O(list length · log list length).
 *
 * @throws RangeError when a factor is not above 0 and finite.
 */
export function boosted({ items, scores }: RankedList, factorOf: (item: number) => number): RankedList {
  const weighed = scores.map((score, place) => {
    const factor = factorOf(items[place]!);
    if (!(factor > 0 && factor < Number.POSITIVE_INFINITY))
      throw new RangeError(`Item ${items[place]} has factor ${factor}; it must be above 0 and finite.`);
    return score < 0 ? score / factor : score * factor;
  });
  const places = Int32Array.from(items.keys()).sort((a, b) => weighed[b]! - weighed[a]! || a - b);
  return { items: places.map((place) => items[place]!), scores: Float32Array.from(places, (place) => weighed[place]!) };
}
