import type { History } from './ranking.ts';

/** What is asked: a history, and when. */
export interface RankingQuestion {
  readonly history: History;
  /** Ms since the epoch. */
  readonly nowMs: number;
}

/** What is known of candidates for a question, as columns. */
export interface CandidateFeatures {
  /** One a column. */
  readonly names: readonly string[];
  /**
   * Writes a row of features for each candidate: candidate `c` has column `f` at `rows[c · stride + column + f]`. NaN is for what is not known.
   *
   * @param candidates items, shape (count).
   * @param rows f32, shape (at least count, stride).
   */
  write(question: RankingQuestion, candidates: Int32Array, rows: Float32Array, stride: number, column: number): void;
}

/** Features of several sources, one after the other. */
export function joinedFeatures(sources: readonly CandidateFeatures[]): CandidateFeatures {
  return {
    names: sources.flatMap(({ names }) => names),
    write(question, candidates, rows, stride, column) {
      let at = column;
      for (const source of sources) {
        source.write(question, candidates, rows, stride, at);
        at += source.names.length;
      }
    },
  };
}
