import { checkRankingData } from './check-ranking-data.ts';
import type { Packed } from './codec.ts';
import type { History, RankingData, RankingModel } from './ranking.ts';
import { salesTrend } from './trend.ts';
import { faded } from './user-item-rows.ts';

export interface PopularitySettings {
  /** A deed counts half after so many days; all count alike when left out. */
  readonly halfLifeDays?: number;
  /** Scores are multiplied by the sales trend to this power. */
  readonly trendPower?: number;
}

/** Scores each item by how much was done with it lately, times its trend; the same for everybody. */
export class Popularity implements RankingModel {
  readonly itemCount: number;
  readonly #scores: Float32Array;

  constructor(scores: Float32Array) {
    this.itemCount = scores.length;
    this.#scores = scores;
  }

  /** Shape (itemCount); not to be changed. */
  get scores(): Float32Array {
    return this.#scores;
  }

  score(_history: History, _nowMs: number, scores: Float32Array): void {
    scores.set(this.#scores);
  }

  pack(): Packed {
    return { settings: {}, columns: { popularity: this.#scores } };
  }

  static unpack({ columns }: Packed): Popularity {
    return new Popularity(columns.popularity as Float32Array);
  }
}

/** O(deeds). */
export function trainPopularity(
  data: RankingData,
  { halfLifeDays, trendPower = 0 }: PopularitySettings,
  { nowMs }: { readonly nowMs: number },
): Popularity {
  checkRankingData(data);
  const scores = new Float32Array(data.itemCount);
  for (let deed = 0; deed < data.items.length; deed++) {
    scores[data.items[deed]!]! += faded(data.weights[deed]!, data.atMs[deed]!, nowMs, halfLifeDays);
  }
  if (trendPower === 0) return new Popularity(scores);
  const trend = salesTrend(data, nowMs);
  return new Popularity(scores.map((score, item) => score * trend[item]! ** trendPower));
}
