import type { RankingData } from '../models/index.ts';
import type { UserList } from './read-lists.ts';

/** What is learned from and asked about: users and items by dense numbers. */
export interface ListData {
  readonly itemCount: number;
  /** What each user took, each item once. */
  readonly taken: readonly Int32Array[];
  readonly userOf: ReadonlyMap<string, number>;
  readonly itemOf: ReadonlyMap<string, number>;
}

export function listData(lists: Iterable<UserList>): ListData {
  const itemOf = new Map<string, number>();
  const userOf = new Map<string, number>();
  const taken: Int32Array[] = [];
  for (const [user, items] of lists) {
    const numbers = items.map((item) => {
      const known = itemOf.get(item) ?? itemOf.size;
      itemOf.set(item, known);
      return known;
    });
    const place = userOf.get(user) ?? userOf.size;
    userOf.set(user, place);
    taken[place] = Int32Array.from(new Set([...(taken[place] ?? []), ...numbers]));
  }
  return { itemCount: itemOf.size, taken, userOf, itemOf };
}

/** The lists as models take them; no times are known. */
export function rankingDataOf(itemCount: number, taken: readonly Int32Array[]): RankingData {
  const length = taken.reduce((sum, items) => sum + items.length, 0);
  const users = new Int32Array(length);
  const items = new Int32Array(length);
  let at = 0;
  for (const [user, own] of taken.entries()) {
    users.fill(user, at, at + own.length);
    items.set(own, at);
    at += own.length;
  }
  return {
    userCount: taken.length,
    itemCount,
    users,
    items,
    atMs: new Float64Array(length).fill(Number.NaN),
    weights: new Float32Array(length).fill(1),
    baskets: new Int32Array(length).map((_, row) => row),
  };
}
