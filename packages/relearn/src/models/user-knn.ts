import { transposed } from '../kernels/sparse-rows.ts';
import { topK } from '../kernels/top-k.ts';
import { checkRankingData } from './check-ranking-data.ts';
import type { Packed } from './codec.ts';
import type { History, RankingData, RankingModel } from './ranking.ts';
import { salesTrend } from './trend.ts';
import { historyRow, type UserItemRows, userItemRows } from './user-item-rows.ts';

interface NeighbourSettings {
  /** Users that count: those most like the one asked for. */
  readonly neighbourCount?: number;
  /** A neighbour's weight is its cosine to this power: above 1, the nearest count for more. */
  readonly power?: number;
}

export interface UserKnnSettings extends NeighbourSettings {
  /** What a neighbour did counts half after so many days; it does not fade when left out. Who is a neighbour is told from all deeds alike. */
  readonly halfLifeDays?: number;
  /** Scores are multiplied by the sales trend to this power. */
  readonly trendPower?: number;
  /** Scores are divided by the count of the item's takers to this power. */
  readonly popularityPower?: number;
}

const COSINE = { normPower: 1 };

/**
 * Scores items by what the users most like this one did, each weighed by the cosine of what both took. The nearest weighs no more than the next: it may be
 * the user's own past, which would drown all others.
 *
 * An answer is O(deeds + Σ takers of the items taken + users + Σ items of the neighbours). Source: Herlocker et al. 1999.
 */
export class UserKnn implements RankingModel {
  readonly itemCount: number;
  readonly #settings: Required<NeighbourSettings>;
  /** Users by items of length 1, for who is near. */
  readonly #rows: UserItemRows;
  readonly #takers: UserItemRows;
  /** What each entry of the rows says, faded. */
  readonly #said: Float32Array;
  readonly #factors: Float32Array;
  readonly #likeness: Float32Array;

  /** @param factors what an item's score is multiplied by, shape (itemCount). */
  constructor(
    settings: Required<NeighbourSettings>,
    { rows, said, factors }: { rows: UserItemRows; said: Float32Array; factors: Float32Array },
  ) {
    this.itemCount = factors.length;
    this.#settings = settings;
    this.#rows = rows;
    this.#takers = transposed(rows, this.itemCount);
    this.#said = said;
    this.#factors = factors;
    this.#likeness = new Float32Array(rows.start.length - 1);
  }

  score(history: History, nowMs: number, scores: Float32Array): void {
    const { neighbourCount, power } = this.#settings;
    const likeness = this.#likenessTo(history, nowMs);
    const neighbours = topK(likeness, neighbourCount);
    const { start, items } = this.#rows;
    scores.fill(0);
    for (const [place, user] of neighbours.entries()) {
      const weight = likeness[place === 0 ? (neighbours[1] ?? user) : user]! ** power;
      for (let at = start[user]!; at < start[user + 1]!; at++) scores[items[at]!]! += weight * this.#said[at]!;
    }
    for (let item = 0; item < scores.length; item++) scores[item]! *= this.#factors[item]!;
  }

  /** Cosine to each user, −∞ where nothing is shared, f32, shape (userCount). */
  #likenessTo(history: History, nowMs: number): Float32Array {
    const likeness = this.#likeness.fill(0);
    const { start, items: users, weights } = this.#takers;
    const row = historyRow(history, COSINE, { nowMs, itemCount: this.itemCount });
    for (const [at, item] of row.rows.entries()) {
      const weight = row.weights[at]!;
      const end = start[item + 1]!;
      for (let taker = start[item]!; taker < end; taker++) likeness[users[taker]!]! += weight * weights[taker]!;
    }
    for (let user = 0; user < likeness.length; user++) {
      if (likeness[user] === 0) likeness[user] = Number.NEGATIVE_INFINITY;
    }
    return likeness;
  }

  pack(): Packed {
    const columns = { ...this.#rows, said: this.#said, factors: this.#factors };
    return { settings: { ...this.#settings }, columns };
  }

  static unpack({ settings, columns }: Packed): UserKnn {
    const { said, factors, ...rows } = columns as unknown as UserItemRows & Record<'said' | 'factors', Float32Array>;
    return new UserKnn(settings as unknown as Required<NeighbourSettings>, { rows, said, factors });
  }
}

/** O(deeds). */
export function trainUserKnn(
  data: RankingData,
  { neighbourCount = 100, power = 1, halfLifeDays, trendPower = 0, popularityPower = 0 }: UserKnnSettings,
  { nowMs }: { readonly nowMs: number },
): UserKnn {
  checkRankingData(data);
  const rows = userItemRows(data, COSINE, nowMs);
  const { weights: said } = userItemRows(data, halfLifeDays === undefined ? {} : { halfLifeDays }, nowMs);
  const takers = new Int32Array(data.itemCount);
  for (const item of rows.items) takers[item]!++;
  const factors = salesTrend(data, nowMs).map(
    (trend, item) => trend ** trendPower / Math.max(1, takers[item]!) ** popularityPower,
  );
  return new UserKnn({ neighbourCount, power }, { rows, said, factors });
}
