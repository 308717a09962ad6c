import type { RankingData } from './ranking.ts';

/** Sessions one after the other, oldest first. */
export interface Sessions {
  /** Shape (sessionCount + 1). */
  readonly start: Int32Array;
  readonly items: Int32Array;
}

/** Users as sessions, the newest last. O(deeds). */
export function sessionsOf({ userCount, users, items }: RankingData): Sessions {
  const start = new Int32Array(userCount + 1);
  for (const session of users) start[session + 1]!++;
  for (let session = 0; session < userCount; session++) start[session + 1]! += start[session]!;
  return { start, items };
}

/** Each item once for each session that holds it, at its last place there; from the newest session to the oldest. O(deeds). */
export function eachFromNewest(
  { start, items }: Sessions,
  itemCount: number,
  see: (item: number, session: number, place: number) => void,
): void {
  const lastSession = new Int32Array(itemCount).fill(-1);
  for (let session = start.length - 2; session >= 0; session--) {
    const from = start[session]!;
    for (let at = start[session + 1]! - 1; at >= from; at--) {
      const item = items[at]!;
      if (lastSession[item] === session) continue;
      lastSession[item] = session;
      see(item, session, at - from);
    }
  }
}

/** How many sessions hold each item, shape (itemCount). O(deeds). */
export function sessionHolders(sessions: Sessions, itemCount: number): Int32Array {
  const holders = new Int32Array(itemCount);
  eachFromNewest(sessions, itemCount, (item) => holders[item]!++);
  return holders;
}

/** Items that a model knows, each at its last place: `age` is how many followed. */
export function newestFirst(items: Int32Array, itemCount: number): { readonly item: number; readonly age: number }[] {
  const seen = new Set<number>();
  const found: { item: number; age: number }[] = [];
  const known = items.filter((item) => item >= 0 && item < itemCount);
  for (let at = known.length - 1; at >= 0; at--) {
    const item = known[at]!;
    if (seen.has(item)) continue;
    seen.add(item);
    found.push({ item, age: known.length - 1 - at });
  }
  return found;
}
