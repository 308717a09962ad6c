import type { RankingData } from './ranking.ts';
import { DAY_MS } from './user-item-rows.ts';

const RECENT_DAYS = 14;
const BEFORE_DAYS = 76;

/** Deeds that every item is taken to have beside its own, spread over both spans: keeps the trend of rare items near 1. */
const PRIOR = 5;

/**
 * How each item's sales move: its rate in the last 14 days over its rate in the 76 before, shrunk towards 1.
 *
 * @returns f32, shape (itemCount), about 0.05 to 15; all 1 where no times are known. O(deeds).
 */
export function salesTrend(data: RankingData, nowMs: number): Float32Array {
  const recent = new Float32Array(data.itemCount);
  const before = new Float32Array(data.itemCount);
  for (let deed = 0; deed < data.items.length; deed++) {
    const ageDays = (nowMs - data.atMs[deed]!) / DAY_MS;
    if (ageDays < 0) continue;
    if (ageDays < RECENT_DAYS) recent[data.items[deed]!]! += data.weights[deed]!;
    else if (ageDays < RECENT_DAYS + BEFORE_DAYS) before[data.items[deed]!]! += data.weights[deed]!;
  }
  const share = PRIOR / (RECENT_DAYS + BEFORE_DAYS);
  return recent.map((sales, item) => {
    const rateRecent = (sales + share * RECENT_DAYS) / RECENT_DAYS;
    return rateRecent / ((before[item]! + share * BEFORE_DAYS) / BEFORE_DAYS);
  });
}
