/** Items and their scores, along; best first, each item once. */
export interface RankedList {
  readonly items: Int32Array;
  /** Finite. */
  readonly scores: Float32Array;
}

/** What is asked of a list that is to be diverse. */
export interface DiversityQuestion {
  /** Items wanted; all when the list has no more. */
  readonly k: number;
  /** From 0, the list as it is, to 1, whatever is least alike, however it scores. */
  readonly diversity: number;
  /** How alike two items are: 1 for the same, 0 for nothing in common. Symmetric. */
  similarity(this: void, item: number, other: number): number;
}

/**
 * Scores as shares of the way from the list's lowest to its highest, so that they weigh against similarities whatever the model; all 1 where they are
 * equal.
 *
 * @throws RangeError when a score is not finite, the lengths differ or the diversity is not 0 to 1.
 */
export function relevances({ items, scores }: RankedList, diversity: number): Float64Array {
  if (!(diversity >= 0 && diversity <= 1)) throw new RangeError(`Diversity is 0 to 1, not ${diversity}.`);
  if (items.length !== scores.length) throw new RangeError(`${items.length} items have ${scores.length} scores.`);
  const unfit = scores.findIndex((score) => !Number.isFinite(score));
  if (unfit >= 0) throw new RangeError(`Item ${items[unfit]} has score ${scores[unfit]}; it must be finite.`);
  const [low, high] = scores.reduce(([low, high], score) => [Math.min(low, score), Math.max(high, score)], [
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ] as [number, number]);
  return Float64Array.from(scores, (score) => (high === low ? 1 : (score - low) / (high - low)));
}
