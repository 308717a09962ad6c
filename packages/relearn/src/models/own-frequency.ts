import type { Packed } from './codec.ts';
import type { History, RankingData, RankingModel } from './ranking.ts';
import { salesTrend } from './trend.ts';
import { faded } from './user-item-rows.ts';

export interface OwnFrequencySettings {
  /** A purchase counts half after so many days. */
  readonly halfLifeDays?: number;
  readonly trendPower?: number;
}

/** Deeds this close belong to one visit and count once, ms. */
const VISIT_MS = 3 * 3_600_000;

/** Share of an item's trend that orders what a user never bought, below everything that was. */
const UNSEEN = 1e-6;

/**
 * Scores each item by how often this user took it, newer visits more, times its trend: what is bought again. Items never taken follow, by
 * trend alone.
 */
export class OwnFrequency implements RankingModel {
  readonly itemCount: number;
  readonly #trend: Float32Array;
  readonly #halfLifeDays: number | undefined;

  constructor(trend: Float32Array, halfLifeDays: number | undefined) {
    this.itemCount = trend.length;
    this.#trend = trend;
    this.#halfLifeDays = halfLifeDays;
  }

  score({ items, atMs, weights }: History, nowMs: number, scores: Float32Array): void {
    for (let item = 0; item < scores.length; item++) scores[item] = UNSEEN * this.#trend[item]!;
    const lastAtMs = new Map<number, number>();
    for (let deed = 0; deed < items.length; deed++) {
      const item = items[deed]!;
      const before = lastAtMs.get(item);
      if (before !== undefined && atMs[deed]! - before < VISIT_MS) continue;
      lastAtMs.set(item, atMs[deed]!);
      scores[item]! += faded(weights[deed]!, atMs[deed]!, nowMs, this.#halfLifeDays) * this.#trend[item]!;
    }
  }

  pack(): Packed {
    const { halfLifeDays } = { halfLifeDays: this.#halfLifeDays };
    return { settings: { halfLifeDays }, columns: { trend: this.#trend } };
  }

  static unpack({ settings, columns }: Packed): OwnFrequency {
    return new OwnFrequency(columns.trend as Float32Array, settings.halfLifeDays as number | undefined);
  }
}

/** O(deeds). */
export function trainOwnFrequency(
  data: RankingData,
  { halfLifeDays = 365, trendPower = 0.25 }: OwnFrequencySettings,
  { nowMs }: { readonly nowMs: number },
): OwnFrequency {
  return new OwnFrequency(
    salesTrend(data, nowMs).map((trend) => trend ** trendPower),
    halfLifeDays,
  );
}
