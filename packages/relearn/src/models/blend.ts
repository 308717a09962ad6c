import type { History, RankingModel } from './ranking.ts';
import { scoreHistories } from './score-histories.ts';
import { addStandardised } from './standardise.ts';

/** A model and how much it counts. */
export interface BlendPart {
  readonly model: RankingModel;
  readonly weight: number;
}

export interface BlendOptions {
  /** Only items that are not in the history are asked for: what models say of the others, often most of all, does not count for mean and deviation. */
  readonly onlyNew?: boolean;
}

/** Sums models' scores, each brought to mean 0 and deviation 1 over the items first: models that see different things make up for each other. */
export class Blend implements RankingModel {
  readonly itemCount: number;
  readonly #parts: readonly BlendPart[];
  readonly #onlyNew: boolean;
  #scratch = new Float32Array(0);

  constructor(parts: readonly BlendPart[], { onlyNew = false }: BlendOptions = {}) {
    this.#parts = parts;
    this.#onlyNew = onlyNew;
    this.itemCount = parts[0]?.model.itemCount ?? 0;
  }

  score(history: History, nowMs: number, scores: Float32Array): void {
    this.scoreMany([history], nowMs, scores);
  }

  scoreMany(histories: readonly History[], nowMs: number, scores: Float32Array): void {
    if (this.#scratch.length < scores.length) this.#scratch = new Float32Array(scores.length);
    const own = this.#scratch.subarray(0, scores.length);
    const { itemCount } = this;
    const except = histories.map(({ items }) => new Set(this.#onlyNew ? items : []));
    scores.fill(0);
    for (const { model, weight } of this.#parts) {
      scoreHistories(model, histories, { nowMs, scores: own });
      for (const [at, taken] of except.entries()) {
        const [from, end] = [at * itemCount, (at + 1) * itemCount];
        addStandardised(own.subarray(from, end), weight, scores.subarray(from, end), taken);
      }
    }
  }
}
