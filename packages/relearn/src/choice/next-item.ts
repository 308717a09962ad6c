import type { RankingModel } from '../models/index.ts';

/** What a session held so far, and what came next. */
export interface NextItemQuestion {
  readonly items: Int32Array;
  /** Below 0 where no model can know it: a miss. */
  readonly next: number;
}

/** A value for each question. */
export interface NextItemScores {
  /** 1 where the next item is among the first K. */
  readonly hits: Float64Array;
  /** 1 over its place, 0 where it is not among them. */
  readonly reciprocals: Float64Array;
}

/** Every begin of a session with what came next. */
export function questionsOf(session: Int32Array): NextItemQuestion[] {
  return Array.from(session.subarray(1), (next, at) => ({ items: session.subarray(0, at + 1), next }));
}

/** Ranks all items for each question, those of the session too; of equal scores the lower index is first. */
export function nextItemScores(model: RankingModel, questions: readonly NextItemQuestion[], k: number): NextItemScores {
  const hits = new Float64Array(questions.length);
  const reciprocals = new Float64Array(questions.length);
  const scores = new Float32Array(model.itemCount);
  for (const [at, { items, next }] of questions.entries()) {
    if (next < 0) continue;
    model.score(sessionHistory(items), 0, scores);
    const place = placeOf(next, scores, k);
    if (place > k) continue;
    hits[at] = 1;
    reciprocals[at] = 1 / place;
  }
  return { hits, reciprocals };
}

/** A session without times. */
export function sessionHistory(items: Int32Array) {
  return {
    items,
    atMs: new Float64Array(items.length).fill(Number.NaN),
    weights: new Float32Array(items.length).fill(1),
  };
}

/** Place of an item from 1, or k + 1 where it is farther behind. */
export function placeOf(item: number, scores: Float32Array, k: number): number {
  const own = scores[item]!;
  let place = 1;
  for (let other = 0; other < scores.length && place <= k; other++) {
    if (scores[other]! > own || (scores[other] === own && other < item)) place++;
  }
  return place;
}
