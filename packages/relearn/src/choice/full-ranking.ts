import { type History, type RankingModel, rankingScore, scoreHistories, topK } from '../models/index.ts';

/** Scores kept at a time, bytes. */
const BLOCK_BYTES = 32 * 1024 ** 2;

/** What a user took before, and what was wanted next. */
export interface RankingQuestion {
  readonly had: Int32Array;
  /** Not empty. */
  readonly wanted: ReadonlySet<number>;
}

/** One value a question. */
export interface FullRanking {
  readonly recall: Float64Array;
  readonly ndcg: Float64Array;
}

/** Ranks all items that the user did not have. Throws where it is aborted. */
export function fullRanking(
  model: RankingModel,
  questions: readonly RankingQuestion[],
  k: number,
  signal?: AbortSignal,
): FullRanking {
  const recall = new Float64Array(questions.length);
  const ndcg = new Float64Array(questions.length);
  for (const { at, had, wanted, scores } of scored([model], questions, signal)) {
    const own = scores[0]!;
    for (const item of had) own[item] = Number.NEGATIVE_INFINITY;
    const score = rankingScore(topK(own, k), wanted, k);
    recall[at] = score.recall;
    ndcg[at] = score.ndcg;
  }
  return { recall, ndcg };
}

/** A question, its place, and each model's scores, f32, shape (itemCount); they stand until the next is asked for. */
interface ScoredQuestion extends RankingQuestion {
  readonly at: number;
  readonly scores: readonly Float32Array[];
}

/** Asks models of one itemCount all questions, many at a time. Throws where it is aborted. */
export function* scored(
  models: readonly RankingModel[],
  questions: readonly RankingQuestion[],
  signal?: AbortSignal,
): Generator<ScoredQuestion> {
  const itemCount = models[0]?.itemCount ?? 0;
  const count = Math.max(1, Math.min(questions.length, Math.floor(BLOCK_BYTES / (4 * Math.max(1, itemCount)))));
  const blocks = models.map(() => new Float32Array(count * itemCount));
  for (let from = 0; from < questions.length; from += count) {
    signal?.throwIfAborted();
    const asked = questions.slice(from, from + count);
    const histories = asked.map(({ had }) => historyOf(had));
    const parts = blocks.map((block) => block.subarray(0, asked.length * itemCount));
    for (const [order, model] of models.entries())
      scoreHistories(model, histories, { nowMs: 0, scores: parts[order]! });
    for (const [place, question] of asked.entries()) {
      const scores = parts.map((block) => block.subarray(place * itemCount, (place + 1) * itemCount));
      yield { ...question, at: from + place, scores };
    }
  }
}

function historyOf(items: Int32Array): History {
  return {
    items,
    atMs: new Float64Array(items.length).fill(Number.NaN),
    weights: new Float32Array(items.length).fill(1),
  };
}
