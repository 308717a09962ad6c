/** Interactions as columns, sorted by user, then time. All arrays have one length; `checkRankingData` holds them to what is said here. */
export interface RankingData {
  readonly userCount: number;
  readonly itemCount: number;
  /** Dense indices, 0 to userCount − 1, ascending. */
  readonly users: Int32Array;
  /** Dense indices, 0 to itemCount − 1. */
  readonly items: Int32Array;
  /** Ms since the epoch; NaN where no time is known (then for all). */
  readonly atMs: Float64Array;
  /** Weight of the interaction, > 0, finite. */
  readonly weights: Float32Array;
  /** Visit or order the interaction belongs to, ascending within a user; a model of baskets reads it. */
  readonly baskets: Int32Array;
}

/** What one user did, oldest first; folded in at every answer. Items that a model does not know are left out. */
export interface History {
  readonly items: Int32Array;
  readonly atMs: Float64Array;
  readonly weights: Float32Array;
}

/** Scores items for a history. A model of its own kind is trained by the function named after it: `trainEase`. */
export interface RankingModel {
  readonly itemCount: number;
  /**
   * Writes a score for every item; higher is better, comparable within one call only.
   *
   * @param scores f32, shape (itemCount); overwritten.
   */
  score(history: History, nowMs: number, scores: Float32Array): void;
  /**
   * The same of many users at once, where that is far cheaper than one by one.
   *
   * @param scores f32 row-major, shape (histories.length, itemCount); overwritten.
   */
  scoreMany?(histories: readonly History[], nowMs: number, scores: Float32Array): void;
}
