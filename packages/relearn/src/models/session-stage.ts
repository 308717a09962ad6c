import { topK } from '../kernels/top-k.ts';
import type { StagePart } from './blend-stage.ts';
import type { CandidateFeatures, RankingQuestion } from './candidate-features.ts';
import type { History, RankingModel } from './ranking.ts';
import type { FirstStage } from './second-stage.ts';
import { addStandardised } from './standardise.ts';

/**
 * Finds what may come next in a session by a blend of models, those of a weight. Tells of each candidate what each model and the blend say: the score, its share of the
 * best candidate's, and its place among the candidates from 0; other features follow.
 */
export class SessionStage implements FirstStage {
  readonly names: readonly string[];
  readonly retrieval: RankingModel;
  readonly #parts: readonly StagePart[];
  readonly #others: CandidateFeatures;
  readonly #scores: readonly Float32Array[];
  readonly #blended: Float32Array;
  /** What the scores of the parts of a weight are of. */
  #history: History | undefined;

  constructor(parts: readonly StagePart[], others: CandidateFeatures) {
    const itemCount = parts[0]!.model.itemCount;
    this.#parts = parts;
    this.#others = others;
    this.#scores = parts.map(() => new Float32Array(itemCount));
    this.#blended = new Float32Array(itemCount);
    const told = [...parts.map(({ name }) => name), 'blend'];
    this.names = [...told.flatMap((name) => [name, `${name} share`, `${name} place`]), ...others.names];
    this.retrieval = {
      itemCount,
      score: (history, nowMs, scores) => {
        this.#retrieve(history, nowMs);
        scores.set(this.#blended);
      },
    };
  }

  #retrieve(history: History, nowMs: number): void {
    this.#blended.fill(0);
    for (const [at, { model, weight }] of this.#parts.entries()) {
      if (weight === 0) continue;
      model.score(history, nowMs, this.#scores[at]!);
      addStandardised(this.#scores[at]!, weight, this.#blended);
    }
    this.#history = history;
  }

  write(question: RankingQuestion, candidates: Int32Array, rows: Float32Array, stride: number, column: number): void {
    const { history, nowMs } = question;
    if (this.#history !== history) this.#retrieve(history, nowMs);
    for (const [at, { model, weight }] of this.#parts.entries()) {
      if (weight === 0) model.score(history, nowMs, this.#scores[at]!);
    }
    let to = column;
    for (const scores of [...this.#scores, this.#blended]) {
      writeScores(scores, candidates, rows, { stride, column: to });
      to += 3;
    }
    this.#others.write(question, candidates, rows, stride, to);
  }
}

function writeScores(
  scores: Float32Array,
  candidates: Int32Array,
  rows: Float32Array,
  { stride, column }: { stride: number; column: number },
): void {
  const own = Float32Array.from(candidates, (item) => scores[item]!);
  const places = topK(own, own.length);
  const most = places.length > 0 ? own[places[0]!]! : 0;
  for (let at = 0; at < own.length; at++) {
    rows[at * stride + column] = own[at]!;
    rows[at * stride + column + 1] = most > 0 ? own[at]! / most : 0;
  }
  for (let place = 0; place < places.length; place++) rows[places[place]! * stride + column + 2] = place;
}
