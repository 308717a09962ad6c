import type { CandidateFeatures, RankingQuestion } from './candidate-features.ts';
import { newestFirst } from './sessions.ts';

const ITEMS_MAX = 12;
/** What an item says counts e^−decay with each later one. */
const FADING = 0.4;
const columns = ['last', 'last but one', 'last but two', 'most', 'least', 'faded mean'];
const OWN_COLUMNS = 3;

/** How near items are to one another, all candidates at once. */
export interface Closeness {
  readonly name: string;
  readonly itemCount: number;
  /** Writes how near each candidate is to `item`. */
  of(this: void, item: number, candidates: Int32Array, closeness: Float32Array): void;
}

/** How near each candidate is to the newest items of a session, one by one, and to all of them. */
export class ClosenessFeatures implements CandidateFeatures {
  readonly names: readonly string[];
  readonly #closeness: Closeness;

  constructor(closeness: Closeness) {
    this.names = columns.map((column) => `${closeness.name} ${column}`);
    this.#closeness = closeness;
  }

  write(
    { history }: RankingQuestion,
    candidates: Int32Array,
    rows: Float32Array,
    stride: number,
    column: number,
  ): void {
    const asking = newestFirst(history.items, this.#closeness.itemCount).slice(0, ITEMS_MAX);
    const own = asking.map(({ item }) => {
      const closeness = new Float32Array(candidates.length);
      this.#closeness.of(item, candidates, closeness);
      return closeness;
    });
    const weights = asking.map(({ age }) => Math.exp(-FADING * age));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    for (let at = 0; at < candidates.length; at++) {
      let to = at * stride + column;
      for (let of = 0; of < OWN_COLUMNS; of++) rows[to++] = own[of]?.[at] ?? Number.NaN;
      let [most, least, faded] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 0];
      for (let of = 0; of < own.length; of++) {
        const closeness = own[of]![at]!;
        most = Math.max(most, closeness);
        least = Math.min(least, closeness);
        faded += weights[of]! * closeness;
      }
      const isKnown = own.length > 0;
      rows[to++] = isKnown ? most : Number.NaN;
      rows[to++] = isKnown ? least : Number.NaN;
      rows[to] = isKnown ? faded / total : Number.NaN;
    }
  }
}
