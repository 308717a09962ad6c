import { transposed } from '../kernels/sparse-rows.ts';
import { topK } from '../kernels/top-k.ts';
import { checkRankingData } from './check-ranking-data.ts';
import type { Packed } from './codec.ts';
import { addHabit, type HabitSettings } from './habit.ts';
import type { History, RankingData, RankingModel } from './ranking.ts';
import type { UserItemRows } from './user-item-rows.ts';

export interface TifuKnnSettings extends HabitSettings {
  /** Users whose habits are nearest, and count. */
  readonly neighbourCount?: number;
  /** Share of one's own habit in the score, 0 to 1; the neighbours have the rest. */
  readonly ownShare?: number;
}

type Settings = Required<TifuKnnSettings>;

/**
 * Scores items by the user's own habit and the mean habit of the users nearest to it by Euclid's distance. A habit is what was taken in each visit, newer visits
 * more. Rows: users by items, f32.
 *
 * An answer is O(deeds + Σ takers of the items taken + users + Σ items of the neighbours). Source: Hu et al. 2020 (TIFU-KNN).
 */
export class TifuKnn implements RankingModel {
  readonly itemCount: number;
  readonly #rows: UserItemRows;
  readonly #takers: UserItemRows;
  readonly #settings: Settings;
  readonly #squares: Float32Array;
  readonly #habit: Float32Array;
  readonly #nearness: Float32Array;

  constructor(itemCount: number, rows: UserItemRows, settings: Settings) {
    this.itemCount = itemCount;
    this.#rows = rows;
    this.#takers = transposed(rows, itemCount);
    this.#settings = settings;
    this.#squares = squaredLengths(rows);
    this.#habit = new Float32Array(itemCount);
    this.#nearness = new Float32Array(this.#squares.length);
  }

  score(history: History, _nowMs: number, scores: Float32Array): void {
    const { ownShare, neighbourCount } = this.#settings;
    const taken = addHabit(history, this.#settings, this.#habit);
    const neighbours = topK(this.#nearnessTo(taken), neighbourCount);
    const { start, items, weights } = this.#rows;
    const share = (1 - ownShare) / Math.max(1, neighbours.length);
    scores.fill(0);
    for (const user of neighbours) {
      for (let at = start[user]!; at < start[user + 1]!; at++) scores[items[at]!]! += share * weights[at]!;
    }
    for (const item of taken) {
      scores[item]! += ownShare * this.#habit[item]!;
      this.#habit[item] = 0;
    }
  }

  /** How near each user is: `2 · habit · row − |row|²`, which orders as the distance does, f32, shape (userCount). */
  #nearnessTo(taken: readonly number[]): Float32Array {
    const nearness = this.#nearness;
    const { start, items: users, weights } = this.#takers;
    for (let user = 0; user < nearness.length; user++) nearness[user] = -this.#squares[user]!;
    for (const item of taken) {
      const weight = 2 * this.#habit[item]!;
      for (let at = start[item]!; at < start[item + 1]!; at++) nearness[users[at]!]! += weight * weights[at]!;
    }
    return nearness;
  }

  pack(): Packed {
    return { settings: { itemCount: this.itemCount, ...this.#settings }, columns: { ...this.#rows } };
  }

  static unpack({ settings, columns }: Packed): TifuKnn {
    const { itemCount, ...rest } = settings as unknown as Settings & { itemCount: number };
    return new TifuKnn(itemCount, columns as unknown as UserItemRows, rest);
  }
}

/** O(deeds). */
export function trainTifuKnn(
  data: RankingData,
  { neighbourCount = 300, ownShare = 0.7, groupVisits = 3, visitDecay = 0.9, groupDecay = 0.7 }: TifuKnnSettings,
): TifuKnn {
  checkRankingData(data);
  const settings = { neighbourCount, ownShare, groupVisits, visitDecay, groupDecay };
  const { userCount, itemCount, users } = data;
  const start = new Int32Array(userCount + 1);
  const [items, weights] = [new Int32Array(users.length), new Float32Array(users.length)];
  const habit = new Float32Array(itemCount);
  let [deed, end] = [0, 0];
  for (let user = 0; user < userCount; user++) {
    const from = deed;
    while (users[deed] === user) deed++;
    for (const item of addHabit(deedsOf(data, from, deed), settings, habit)) {
      items[end] = item;
      weights[end++] = habit[item]!;
      habit[item] = 0;
    }
    start[user + 1] = end;
  }
  return new TifuKnn(itemCount, { start, items: items.slice(0, end), weights: weights.slice(0, end) }, settings);
}

function deedsOf({ items, atMs, weights }: RankingData, from: number, to: number): History {
  return { items: items.subarray(from, to), atMs: atMs.subarray(from, to), weights: weights.subarray(from, to) };
}

/** Users without a row are infinitely far. */
function squaredLengths({ start, weights }: UserItemRows): Float32Array {
  return Float32Array.from({ length: start.length - 1 }, (_, user) => {
    const row = weights.subarray(start[user], start[user + 1]);
    return row.length === 0 ? Number.POSITIVE_INFINITY : row.reduce((sum, weight) => sum + weight * weight, 0);
  });
}
