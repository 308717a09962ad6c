/** What the lists that were shown to many users are like together, whatever they wanted. */
export interface ListMetrics {
  /** Items in at least one list, over all items. */
  readonly coverage: number;
  /** Self-information of the items shown, −log2(share of users who took it), bits; mean over each list, then over lists. */
  readonly novelty: number;
  /** Gini coefficient of how often each item was shown: 0 where all are alike, towards 1 where a few have it all. */
  readonly exposureGini: number;
  /** Distance (1 − similarity) of the pairs of a list, mean over its pairs, then over lists of two or more. */
  readonly intraListDiversity: number;
  /** Users who took the items shown; mean over each list, then over lists (ARP). */
  readonly popularity: number;
  /** The same over the mean of all items: above 1 where popular items are favoured. */
  readonly popularityLift: number;
}

export interface ListMetricsContext {
  readonly userCount: number;
  /** Users who took each item in training, shape (itemCount). Items that nobody took are as new as those that one did. */
  readonly takers: ArrayLike<number>;
  /** How alike two items are. */
  similarity(item: number, other: number): number;
}

/**
 * O(Σ list length²). Empty lists are left out; a mean over nothing is 0. Sources: Zhou et al. 2010 (novelty), Ziegler et al. 2005 (diversity within lists),
 * Abdollahpouri et al. 2019 (ARP).
 *
 * @param lists items, 0 to itemCount − 1, each once a list.
 */
export function listMetrics(
  lists: readonly ArrayLike<number>[],
  { userCount, takers, similarity }: ListMetricsContext,
): ListMetrics {
  const filled = lists.filter(({ length }) => length > 0).map((list) => Array.from(list));
  const exposure = new Float64Array(takers.length);
  for (const item of filled.flat()) exposure[item]! += 1;
  const information = (item: number) => Math.log2(userCount / Math.max(1, takers[item]!));
  const popularity = meanOf(filled, (list) => meanOf(list, (item) => takers[item]!));
  const takersMean = meanOf(Array.from(takers), (count) => count);
  return {
    coverage: meanOf([...exposure], (shown) => Math.min(1, shown)),
    novelty: meanOf(filled, (list) => meanOf(list, information)),
    exposureGini: gini(exposure),
    intraListDiversity: meanOf(
      filled.filter(({ length }) => length > 1),
      (list) => meanDistance(list, similarity),
    ),
    popularity,
    popularityLift: takersMean === 0 ? 0 : popularity / takersMean,
  };
}

function meanOf<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((sum, value) => sum + of(value), 0) / Math.max(1, values.length);
}

function meanDistance(list: readonly number[], similarity: (item: number, other: number) => number): number {
  let sum = 0;
  for (const [place, item] of list.entries())
    for (let other = 0; other < place; other++) sum += 1 - similarity(list[other]!, item);
  return (2 * sum) / (list.length * (list.length - 1));
}

/** `Σ (2i − n − 1) xᵢ / (n Σ xᵢ)` over values in ascending order, i from 1; 0 where all are 0. */
function gini(values: Float64Array): number {
  let [sum, weighted] = [0, 0];
  for (const [place, value] of values.toSorted().entries()) {
    sum += value;
    weighted += (2 * place + 1 - values.length) * value;
  }
  return sum === 0 ? 0 : weighted / (values.length * sum);
}
