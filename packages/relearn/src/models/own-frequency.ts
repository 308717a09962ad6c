import { checkRankingData } from './check-ranking-data.ts';
import type { Packed } from './codec.ts';
import type { History, RankingData, RankingModel } from './ranking.ts';
import { dueness, typicalIntervals } from './repurchase-interval.ts';
import { salesTrend } from './trend.ts';
import { DAY_MS, faded } from './user-item-rows.ts';
import { VISIT_MS } from './visits.ts';

export interface OwnFrequencySettings {
  /** A purchase counts half after so many days. */
  readonly halfLifeDays?: number;
  /** Counts are multiplied by the sales trend to this power. */
  readonly trendPower?: number;
  /** And by what everybody took of the item lately, one more, to this power. */
  readonly popularityPower?: number;
  /** How far back lately goes; all the way where no times are known. */
  readonly popularityDays?: number;
  /** Share of a score that an item has only while it is due, by how long users take to come back to it, 0 to 1: 0 unless said. */
  readonly dueShare?: number;
}

/** Share of an item's pull that orders what a user never took, below everything that was. */
const UNSEEN = 1e-6;

/**
 * Scores each item by how often this user took it, newer visits more, times the pull it has on everybody: what is bought again. Items never
 * taken follow, by pull alone.
 */
export class OwnFrequency implements RankingModel {
  readonly itemCount: number;
  readonly #pull: Float32Array;
  readonly #halfLifeDays: number | undefined;
  readonly #due: Due | undefined;

  /** @param pull shape (itemCount), each above 0. */
  constructor(pull: Float32Array, halfLifeDays: number | undefined, due?: Due) {
    this.itemCount = pull.length;
    this.#pull = pull;
    this.#halfLifeDays = halfLifeDays;
    this.#due = due;
  }

  score(history: History, nowMs: number, scores: Float32Array): void {
    const { items, atMs, weights } = history;
    for (let item = 0; item < scores.length; item++) scores[item] = UNSEEN * this.#pull[item]!;
    const lastAtMs = new Map<number, number>();
    for (let deed = 0; deed < items.length; deed++) {
      const item = items[deed]!;
      const before = lastAtMs.get(item);
      if (before !== undefined && atMs[deed]! - before < VISIT_MS) continue;
      lastAtMs.set(item, atMs[deed]!);
      scores[item]! += faded(weights[deed]!, atMs[deed]!, nowMs, this.#halfLifeDays) * this.#pull[item]!;
    }
    if (!this.#due) return;
    const { share, intervals } = this.#due;
    for (const [item, due] of dueness(history, nowMs, intervals)) scores[item]! *= 1 - share + share * due;
  }

  pack(): Packed {
    const { share, intervals } = this.#due ?? {};
    const settings = { halfLifeDays: this.#halfLifeDays, dueShare: share };
    return { settings, columns: { pull: this.#pull, ...(intervals && { intervals }) } };
  }

  static unpack({ settings, columns }: Packed): OwnFrequency {
    const { halfLifeDays, dueShare } = settings as OwnFrequencySettings;
    const { pull, intervals } = columns as Record<string, Float32Array>;
    return new OwnFrequency(pull!, halfLifeDays, intervals && { share: dueShare ?? 0, intervals });
  }
}

interface Due {
  /** 0 to 1. */
  readonly share: number;
  /** Typical time to come back, ln days, shape (itemCount). */
  readonly intervals: Float32Array;
}

/** O(deeds). */
export function trainOwnFrequency(
  data: RankingData,
  {
    halfLifeDays = 365,
    trendPower = 0.1,
    popularityPower = 0.3,
    popularityDays = 60,
    dueShare = 0,
  }: OwnFrequencySettings,
  { nowMs }: { readonly nowMs: number },
): OwnFrequency {
  checkRankingData(data);
  const taken = takenLately(data, nowMs - popularityDays * DAY_MS);
  const pull = salesTrend(data, nowMs).map(
    (trend, item) => trend ** trendPower * (1 + taken[item]!) ** popularityPower,
  );
  const due = dueShare > 0 ? { share: dueShare, intervals: typicalIntervals(data) } : undefined;
  return new OwnFrequency(pull, halfLifeDays, due);
}

/** What was taken of each item since then; all of it where no times are known. */
function takenLately({ itemCount, items, atMs, weights }: RankingData, sinceMs: number): Float32Array {
  const taken = new Float32Array(itemCount);
  for (let deed = 0; deed < items.length; deed++) {
    if (!(atMs[deed]! < sinceMs)) taken[items[deed]!]! += weights[deed]!;
  }
  return taken;
}
