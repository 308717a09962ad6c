import { addStandardised, type RankingModel, type SessionFirstStageSettings } from '../models/index.ts';
import { type NextItemQuestion, placeOf, sessionHistory } from './next-item.ts';

const WEIGHTS = [0.1, 0.2, 0.4, 0.8];

export type SessionBlendWeights = Pick<SessionFirstStageSettings, 'transitionsWeight' | 'nextItemWeight'>;

/** What transitions and where sessions point weigh best beside neighbours of weight 1, by hits and reciprocal places. Each model scores each question once. */
export function sessionBlendWeights(
  { knn, transitions, nextItem }: Readonly<Record<'knn' | 'transitions' | 'nextItem', RankingModel>>,
  questions: readonly NextItemQuestion[],
  k: number,
): SessionBlendWeights {
  const tried = WEIGHTS.flatMap((transitionsWeight) =>
    WEIGHTS.map((nextItemWeight) => ({ transitionsWeight, nextItemWeight, value: 0 })),
  );
  const [own, blended] = [new Float32Array(knn.itemCount), new Float32Array(knn.itemCount)];
  for (const { items, next } of questions) {
    const standardised = [knn, transitions, nextItem].map((model) => {
      model.score(sessionHistory(items), 0, own);
      const scores = new Float32Array(own.length);
      addStandardised(own, 1, scores);
      return scores;
    }) as [Float32Array, Float32Array, Float32Array];
    for (const weights of tried) {
      sum(standardised, weights, blended);
      const place = placeOf(next, blended, k);
      if (place <= k) weights.value += 1 + 1 / place;
    }
  }
  const { transitionsWeight, nextItemWeight } = tried.reduce((best, other) =>
    other.value > best.value ? other : best,
  );
  return { transitionsWeight, nextItemWeight };
}

function sum(
  [knn, transitions, nextItem]: readonly [Float32Array, Float32Array, Float32Array],
  { transitionsWeight, nextItemWeight }: SessionBlendWeights,
  blended: Float32Array,
): void {
  for (let item = 0; item < blended.length; item++) {
    blended[item] = knn[item]! + transitionsWeight * transitions[item]! + nextItemWeight * nextItem[item]!;
  }
}
