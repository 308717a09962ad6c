import type { History } from './ranking.ts';
import { visitStarts } from './visits.ts';

export interface HabitSettings {
  /** Visits of a group; its habit is the mean of theirs, and a user's the mean of the groups'. */
  readonly groupVisits?: number;
  /** What a visit weighs in its group beside the next newer one, 0 to 1. */
  readonly visitDecay?: number;
  /** What a group weighs beside the next newer one, 0 to 1. */
  readonly groupDecay?: number;
}

/**
 * Adds what one user takes by habit: each visit's items at the weight of what says most, visits weighed by their place, counted from the newest. Where no times
 * are known all is one visit: its order says nothing.
 *
 * @param habit f32, shape (itemCount), all 0; what is added must be cleared by the caller.
 * @returns the items added to, each once; unknown ones are left out. O(deeds).
 */
export function addHabit(
  { items, atMs, weights }: History,
  { groupVisits, visitDecay, groupDecay }: Required<HabitSettings>,
  habit: Float32Array,
): number[] {
  const starts = visitStarts(atMs);
  const visitCount = starts.length;
  const groupCount = Math.ceil(visitCount / groupVisits);
  const taken: number[] = [];
  const strongest = new Map<number, number>();
  for (let visit = 0; visit < visitCount; visit++) {
    const age = visitCount - 1 - visit;
    const group = Math.floor(age / groupVisits);
    const ofGroup = Math.min(groupVisits, visitCount - group * groupVisits);
    const scale = (visitDecay ** (age % groupVisits) * groupDecay ** group) / (ofGroup * groupCount);
    strongest.clear();
    for (let deed = starts[visit]!; deed < (starts[visit + 1] ?? items.length); deed++) {
      const item = items[deed]!;
      if (item < 0 || item >= habit.length) continue;
      strongest.set(item, Math.max(strongest.get(item) ?? 0, weights[deed]!));
    }
    for (const [item, weight] of strongest) {
      const adds = Math.fround(scale * weight);
      if (adds === 0) continue;
      if (habit[item] === 0) taken.push(item);
      habit[item]! += adds;
    }
  }
  return taken;
}
