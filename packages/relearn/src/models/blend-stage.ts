import type { CandidateFeatures, RankingQuestion } from './candidate-features.ts';
import type { History, RankingModel } from './ranking.ts';
import type { FirstStage } from './second-stage.ts';
import { addStandardised, moments } from './standardise.ts';

/** A model, what its columns are called, and how much it counts in finding candidates. */
export interface StagePart {
  readonly name: string;
  readonly model: RankingModel;
  readonly weight: number;
}

/**
 * Finds candidates by a blend of models, and tells of each what every model says, as it is and brought to mean 0 and deviation 1 over all items, and at which place
 * the blend has it; other features follow.
 */
export class BlendStage implements FirstStage {
  readonly names: readonly string[];
  readonly retrieval: RankingModel;
  readonly #parts: readonly StagePart[];
  readonly #others: CandidateFeatures;
  readonly #scores: readonly Float32Array[];
  readonly #blended: Float32Array;
  /** What the scores are of. */
  #history: History | undefined;

  constructor(parts: readonly StagePart[], others: CandidateFeatures) {
    const itemCount = parts[0]!.model.itemCount;
    this.#parts = parts;
    this.#others = others;
    this.#scores = parts.map(() => new Float32Array(itemCount));
    this.#blended = new Float32Array(itemCount);
    this.names = [...parts.flatMap(({ name }) => [name, `${name} standardised`]), 'blend', ...others.names];
    this.retrieval = {
      itemCount,
      score: (history, nowMs, scores) => {
        this.#score(history, nowMs);
        scores.set(this.#blended);
      },
    };
  }

  #score(history: History, nowMs: number): void {
    this.#blended.fill(0);
    for (const [at, { model, weight }] of this.#parts.entries()) {
      model.score(history, nowMs, this.#scores[at]!);
      if (weight !== 0) addStandardised(this.#scores[at]!, weight, this.#blended);
    }
    this.#history = history;
  }

  write(question: RankingQuestion, candidates: Int32Array, rows: Float32Array, stride: number, column: number): void {
    if (this.#history !== question.history) this.#score(question.history, question.nowMs);
    for (const [part, scores] of this.#scores.entries()) {
      const { mean, deviation } = moments(scores);
      for (let at = 0; at < candidates.length; at++) {
        const score = scores[candidates[at]!]!;
        const to = at * stride + column + 2 * part;
        rows[to] = score;
        rows[to + 1] = deviation === 0 ? 0 : (score - mean) / deviation;
      }
    }
    const blended = column + 2 * this.#parts.length;
    for (let at = 0; at < candidates.length; at++) rows[at * stride + blended] = this.#blended[candidates[at]!]!;
    this.#others.write(question, candidates, rows, stride, blended + 1);
  }
}
