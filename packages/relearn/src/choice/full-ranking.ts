import { type RankingModel, rankingScore, topK } from '../models/index.ts';

/** Means over users. */
export interface FullRanking {
  readonly recall: number;
  readonly ndcg: number;
}

/** What a user took before, and what was wanted next. */
export interface RankingQuestion {
  readonly had: Int32Array;
  readonly wanted: ReadonlySet<number>;
}

/** Ranks all items that the user did not have. Users of whom nothing is wanted are left out; for none at all both are 0. */
export function fullRanking(model: RankingModel, questions: readonly RankingQuestion[], k: number): FullRanking {
  const scores = new Float32Array(model.itemCount);
  const asked = questions.filter(({ wanted }) => wanted.size > 0);
  let [recall, ndcg] = [0, 0];
  for (const { had, wanted } of asked) {
    const history = {
      items: had,
      atMs: new Float64Array(had.length).fill(Number.NaN),
      weights: new Float32Array(had.length).fill(1),
    };
    model.score(history, 0, scores);
    for (const item of had) scores[item] = Number.NEGATIVE_INFINITY;
    const score = rankingScore(topK(scores, k), wanted, k);
    recall += score.recall;
    ndcg += score.ndcg;
  }
  const count = Math.max(1, asked.length);
  return { recall: recall / count, ndcg: ndcg / count };
}
