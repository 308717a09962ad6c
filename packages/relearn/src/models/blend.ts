import type { History, RankingModel } from './ranking.ts';
import { scoreHistories } from './score-histories.ts';
import { addStandardised } from './standardise.ts';

/** A model and how much it counts. */
export interface BlendPart {
  readonly model: RankingModel;
  readonly weight: number;
}

/** Sums models' scores, each brought to mean 0 and deviation 1 over the items first: models that see different things make up for each other. */
export class Blend implements RankingModel {
  readonly itemCount: number;
  readonly #parts: readonly BlendPart[];
  #scratch = new Float32Array(0);

  constructor(parts: readonly BlendPart[]) {
    this.#parts = parts;
    this.itemCount = parts[0]?.model.itemCount ?? 0;
  }

  score(history: History, nowMs: number, scores: Float32Array): void {
    this.scoreMany([history], nowMs, scores);
  }

  scoreMany(histories: readonly History[], nowMs: number, scores: Float32Array): void {
    if (this.#scratch.length < scores.length) this.#scratch = new Float32Array(scores.length);
    const own = this.#scratch.subarray(0, scores.length);
    const { itemCount } = this;
    scores.fill(0);
    for (const { model, weight } of this.#parts) {
      scoreHistories(model, histories, { nowMs, scores: own });
      for (let from = 0; from < scores.length; from += itemCount) {
        const end = from + itemCount;
        addStandardised(own.subarray(from, end), weight, scores.subarray(from, end));
      }
    }
  }
}
