import type { History, RankingData } from './ranking.ts';
import { DAY_MS } from './user-item-rows.ts';
import { VISIT_MS } from './visits.ts';

/** Intervals of all items that each item is taken to have beside its own. */
const ITEM_PRIOR = 20;

/** Item's typical intervals that a user is taken to have beside their own. */
const USER_PRIOR = 1;

/** Spread of intervals about the typical one, ln days: a factor of e either way. */
const SPREAD = 1;

const DAYS_MIN = 0.5;

/**
 * Typical time from one visit with an item to the same user's next, ln days; f32, shape (itemCount). Items rarely taken again go by all items. NaN for all
 * where nobody came back, or no times are known. O(deeds).
 */
export function typicalIntervals({ itemCount, users, items, atMs }: RankingData): Float32Array {
  const [sums, counts] = [new Float64Array(itemCount), new Float64Array(itemCount)];
  const lastAtMs = new Map<number, number>();
  for (let deed = 0; deed < items.length; deed++) {
    if (users[deed] !== users[deed - 1]) lastAtMs.clear();
    const item = items[deed]!;
    const interval = intervalSince(lastAtMs.get(item), atMs[deed]!);
    if (interval === 'same visit') continue;
    lastAtMs.set(item, atMs[deed]!);
    if (interval === undefined) continue;
    sums[item]! += interval;
    counts[item]! += 1;
  }
  const total = (column: Float64Array) => column.reduce((sum, value) => sum + value, 0);
  const overall = total(sums) / total(counts);
  return Float32Array.from(sums, (sum, item) => (sum + ITEM_PRIOR * overall) / (counts[item]! + ITEM_PRIOR));
}

/**
 * How due each item of a history is, 0 to 1: a log-normal curve that is 1 where the time since the last visit with it is the user's interval, which is the
 * item's typical one until they have their own. Without intervals or times none is said. O(deeds). Source: Bhagat et al. 2018 (aggregate time distribution).
 */
export function dueness({ items, atMs }: History, nowMs: number, intervals: Float32Array): Map<number, number> {
  const habits = new Map<number, { lastAtMs: number; sum: number; count: number }>();
  for (let deed = 0; deed < items.length; deed++) {
    const item = items[deed]!;
    const typical = intervals[item] ?? Number.NaN;
    if (Number.isNaN(typical) || Number.isNaN(atMs[deed]!)) continue;
    const habit = habits.get(item) ?? { lastAtMs: Number.NaN, sum: USER_PRIOR * typical, count: USER_PRIOR };
    habits.set(item, habit);
    const interval = intervalSince(habit.lastAtMs, atMs[deed]!);
    if (interval === 'same visit') continue;
    habit.lastAtMs = atMs[deed]!;
    if (interval === undefined) continue;
    habit.sum += interval;
    habit.count++;
  }
  return new Map(
    Array.from(habits, ([item, { lastAtMs, sum, count }]) => {
      const off = (logDays(nowMs - lastAtMs) - sum / count) / SPREAD;
      return [item, Math.exp((-off * off) / 2)];
    }),
  );
}

/** Time from the last visit, ln days; undefined where there was none. */
function intervalSince(lastAtMs: number | undefined, atMs: number): number | 'same visit' | undefined {
  if (lastAtMs === undefined || Number.isNaN(lastAtMs) || Number.isNaN(atMs)) return undefined;
  return atMs - lastAtMs < VISIT_MS ? 'same visit' : logDays(atMs - lastAtMs);
}

function logDays(ms: number): number {
  return Math.log(Math.max(DAYS_MIN, ms / DAY_MS));
}
