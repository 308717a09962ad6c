import type { History, RankingData } from '../models/ranking.ts';
import { seededRandom } from '../statistics/seeded-random.ts';

const DAY_MS = 86_400_000;

/** One interaction of {@link rankingData}. */
export interface RankingEvent {
  readonly user: number;
  readonly item: number;
  readonly atMs?: number;
  readonly weight?: number;
}

/** Columns of these events, sorted by user, then time; each a basket of its own. Without a time of its own an event has none, NaN. */
export function rankingData(
  events: readonly RankingEvent[],
  shape: { userCount: number; itemCount: number },
): RankingData {
  const sorted = events.toSorted((a, b) => a.user - b.user || (a.atMs ?? 0) - (b.atMs ?? 0));
  return {
    ...shape,
    users: Int32Array.from(sorted, ({ user }) => user),
    items: Int32Array.from(sorted, ({ item }) => item),
    atMs: Float64Array.from(sorted, ({ atMs = Number.NaN }) => atMs),
    weights: Float32Array.from(sorted, ({ weight = 1 }) => weight),
    baskets: Int32Array.from(sorted, (_, event) => event),
  };
}

/** What one user of the data did. */
export function historyOf({ users, items, atMs, weights }: RankingData, user: number): History {
  const from = users.indexOf(user);
  if (from < 0) return { items: new Int32Array(), atMs: new Float64Array(), weights: new Float32Array() };
  const to = users.lastIndexOf(user) + 1;
  return { items: items.slice(from, to), atMs: atMs.slice(from, to), weights: weights.slice(from, to) };
}

/** A person's past and what they took after it. */
export interface RankingCase {
  readonly history: History;
  readonly wanted: ReadonlySet<number>;
}

/**
 * Users with hidden tastes: each likes one of eight groups of ten items, half of what they take is one of their three favourites in it, one
 * in ten is anything. What they took in the last ten days is wanted. All items are about as popular: who is not told apart is served badly.
 */
export function tasteData(seed: number): { train: RankingData; cases: readonly RankingCase[]; nowMs: number } {
  const random = seededRandom(seed);
  const below = (count: number) => Math.floor(random() * count);
  const [userCount, itemCount, nowMs] = [240, 80, Date.UTC(2026, 0, 1)];
  const events = Array.from({ length: userCount }, (_, user) => {
    const group = (user % 8) * 10;
    const favourites = [below(10), below(10), below(10)];
    return Array.from({ length: 24 }, (_, step) => {
      const liked = group + (random() < 0.5 ? favourites[below(3)]! : below(10));
      const item = random() < 0.1 ? below(itemCount) : liked;
      return { user, item, atMs: nowMs + (step - 18) * 2 * DAY_MS };
    });
  }).flat();
  const train = rankingData(
    events.filter(({ atMs }) => atMs < nowMs),
    { userCount, itemCount },
  );
  const cases = Array.from({ length: userCount }, (_, user) => ({
    history: historyOf(train, user),
    wanted: new Set(events.filter((event) => event.user === user && event.atMs >= nowMs).map(({ item }) => item)),
  }));
  return { train, cases, nowMs };
}
