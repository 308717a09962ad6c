/** How well a list of items, best first, meets what was wanted: its first `k` places, binary relevance. All are shares, 0 to 1. */
export interface RankingScore {
  /** Wanted items in the list, over all wanted (not cut at k). */
  readonly recall: number;
  /** Discounted gain (1 / log2(place + 1)) over that of the best possible list. */
  readonly ndcg: number;
  /** Wanted items in the list, over k, also where the list is shorter. */
  readonly precision: number;
  /** 1 where a wanted item is in the list; its mean over lists is the hit rate. */
  readonly hit: number;
  /** 1 over the place of the first wanted item, 0 where there is none; its mean is MRR. */
  readonly reciprocalRank: number;
  /** Precision at the place of each wanted item in the list, summed, over all wanted (not cut at k); its mean is MAP. */
  readonly averagePrecision: number;
}

/**
 * Scores one list, as trec_eval does. Source: Järvelin & Kekäläinen 2002 (NDCG); Manning, Raghavan & Schütze 2008, section 8.4 (the others).
 *
 * @param ranked each item once.
 * @param wanted not empty.
 */
export function rankingScore(ranked: ArrayLike<number>, wanted: ReadonlySet<number>, k: number): RankingScore {
  let [hits, gain, best, precisions, firstPlace] = [0, 0, 0, 0, Number.POSITIVE_INFINITY];
  for (let place = 0; place < Math.min(k, ranked.length); place++) {
    if (!wanted.has(ranked[place]!)) continue;
    hits++;
    gain += 1 / Math.log2(place + 2);
    precisions += hits / (place + 1);
    firstPlace = Math.min(firstPlace, place + 1);
  }
  for (let place = 0; place < Math.min(k, wanted.size); place++) best += 1 / Math.log2(place + 2);
  return {
    recall: hits / wanted.size,
    ndcg: gain / best,
    precision: hits / k,
    hit: hits > 0 ? 1 : 0,
    reciprocalRank: 1 / firstPlace,
    averagePrecision: precisions / wanted.size,
  };
}
