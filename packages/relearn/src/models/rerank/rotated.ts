import type { History } from '../ranking.ts';
import { faded } from '../user-item-rows.ts';
import { boosted } from './boosted.ts';
import type { RankedList } from './ranked-list.ts';

/** What one person was shown, and what of it they clicked. */
export interface Exposure {
  readonly impressions: History;
  readonly clicks: History;
  readonly nowMs: number;
  /** An impression counts half after so many days; it does not fade when left out. */
  readonly halfLifeDays?: number;
  /** Impressions without a click that halve a score. */
  readonly halfAfter: number;
}

/**
 * Lowers what was shown again and again without a click: scores are divided by `1 + impressions / halfAfter`. Impressions up to the item's last click
 * do not count, so a click brings an item back. O(impressions + clicks + list length · log list length).
 *
 * Source: Lee, Lakshmanan, Tiwari & Shah 2014 (impression discounting; the inverse discount).
 *
 * @throws RangeError when `halfAfter` is not above 0.
 */
export function rotated(list: RankedList, exposure: Exposure): RankedList {
  const { halfAfter } = exposure;
  if (!(halfAfter > 0)) throw new RangeError(`A score halves after more than 0 impressions, not ${halfAfter}.`);
  const ignored = ignoredImpressions(exposure);
  return boosted(list, (item) => 1 / (1 + (ignored.get(item) ?? 0) / halfAfter));
}

/** How often each item was shown since its last click, faded. */
function ignoredImpressions({ impressions, clicks, nowMs, halfLifeDays }: Exposure): Map<number, number> {
  const clickedAtMs = new Map<number, number>();
  for (const [at, item] of clicks.items.entries())
    clickedAtMs.set(item, Math.max(clickedAtMs.get(item) ?? Number.NEGATIVE_INFINITY, clicks.atMs[at]!));
  const ignored = new Map<number, number>();
  for (const [at, item] of impressions.items.entries()) {
    if (impressions.atMs[at]! <= (clickedAtMs.get(item) ?? Number.NEGATIVE_INFINITY)) continue;
    const weight = faded(impressions.weights[at]!, impressions.atMs[at]!, nowMs, halfLifeDays);
    ignored.set(item, (ignored.get(item) ?? 0) + weight);
  }
  return ignored;
}
