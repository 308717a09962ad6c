import type { History, RankingModel } from './ranking.ts';

/** Scores of many users, all at once where the model can. @param scores f32 row-major, shape (histories.length, itemCount); overwritten. */
export function scoreHistories(
  model: RankingModel,
  histories: readonly History[],
  { nowMs, scores }: { readonly nowMs: number; readonly scores: Float32Array },
): void {
  const { itemCount } = model;
  if (model.scoreMany) {
    model.scoreMany(histories, nowMs, scores);
    return;
  }
  for (const [at, history] of histories.entries()) {
    model.score(history, nowMs, scores.subarray(at * itemCount, (at + 1) * itemCount));
  }
}
