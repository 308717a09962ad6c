import type { History, RankingModel } from './ranking.ts';
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
  readonly #scratch: Float32Array;

  constructor(parts: readonly BlendPart[]) {
    this.#parts = parts;
    this.itemCount = parts[0]?.model.itemCount ?? 0;
    this.#scratch = new Float32Array(this.itemCount);
  }

  score(history: History, nowMs: number, scores: Float32Array): void {
    scores.fill(0);
    for (const { model, weight } of this.#parts) {
      model.score(history, nowMs, this.#scratch);
      addStandardised(this.#scratch, weight, scores);
    }
  }
}
