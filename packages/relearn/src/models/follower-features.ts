import type { CandidateFeatures, RankingQuestion } from './candidate-features.ts';
import { newestFirst } from './sessions.ts';
import type { Transitions } from './transitions.ts';

/** Items of a session that are looked at, from the newest. */
const ITEMS_MAX = 12;
/** What an item says counts e^−decay with each later one. */
const FADING = 0.4;
const OWN_COLUMNS = 3;

/** How often each candidate followed the newest items of a session, one by one, and all of them together. */
export class FollowerFeatures implements CandidateFeatures {
  readonly names: readonly string[];
  readonly #transitions: Transitions;
  /** All 0 between two questions. */
  readonly #counts: Float32Array;

  constructor(name: string, transitions: Transitions) {
    this.names = ['last', 'last but one', 'last but two', 'faded', 'most'].map((of) => `${name} ${of}`);
    this.#transitions = transitions;
    this.#counts = new Float32Array(transitions.itemCount);
  }

  write(
    { history }: RankingQuestion,
    candidates: Int32Array,
    rows: Float32Array,
    stride: number,
    column: number,
  ): void {
    const asking = newestFirst(history.items, this.#counts.length).slice(0, ITEMS_MAX);
    for (let at = 0; at < candidates.length; at++) {
      const to = at * stride + column;
      for (let of = 0; of < OWN_COLUMNS; of++) rows[to + of] = of < asking.length ? 0 : Number.NaN;
      rows.fill(0, to + OWN_COLUMNS, to + this.names.length);
    }
    for (const [of, { item, age }] of asking.entries()) {
      this.#transitions.addFollowers(item, 1, this.#counts);
      const weight = Math.exp(-FADING * age);
      for (let at = 0; at < candidates.length; at++) {
        const count = this.#counts[candidates[at]!]!;
        const to = at * stride + column;
        if (of < OWN_COLUMNS) rows[to + of] = count;
        rows[to + OWN_COLUMNS]! += weight * count;
        rows[to + OWN_COLUMNS + 1] = Math.max(rows[to + OWN_COLUMNS + 1]!, count);
      }
      this.#transitions.addFollowers(item, -1, this.#counts);
    }
  }
}
