/** How well a list of items, best first, meets what was wanted. Both are shares, 0 to 1. */
export interface RankingScore {
  /** Wanted items in the list, over all wanted. */
  readonly recall: number;
  /** Discounted gain (1 / log2(place + 1)) over that of the best possible list. */
  readonly ndcg: number;
}

/**
 * Recall and NDCG of the first `k` places, with binary relevance; recall's denominator is the number of wanted items (not cut at k). Source:
 * Järvelin & Kekäläinen 2002.
 *
 * @param wanted not empty.
 */
export function rankingScore(ranked: ArrayLike<number>, wanted: ReadonlySet<number>, k: number): RankingScore {
  let [hits, gain, best] = [0, 0, 0];
  for (let place = 0; place < Math.min(k, ranked.length); place++) {
    if (!wanted.has(ranked[place]!)) continue;
    hits++;
    gain += 1 / Math.log2(place + 2);
  }
  for (let place = 0; place < Math.min(k, wanted.size); place++) best += 1 / Math.log2(place + 2);
  return { recall: hits / wanted.size, ndcg: gain / best };
}
