import { Blend, blendWeights, type Packed, type ScoredQuestion } from 'relearn/models';
import { type BaseModels, baseNames, modelsOf, packBases, trainBases, unpackBases } from './base-models.ts';
import { newestTime } from './newest-time.ts';
import { type Past, pastOf } from './past.ts';
import type { CommonParts } from './ranker-bytes.ts';
import type { BlendSettings, Given } from './ranker-settings.ts';
import { trainedOnce } from './trained-parts.ts';

const K = 20;

/** So much of the weight goes alike to all models that come near the best. */
const ALIKE_SHARE = 0.5;

/** Newest windows that weights are learned on, and users asked about in each; more hardly move them. */
const WINDOWS = 2;
const USERS_MAX = 500;

/** The base models, each standardised, with weights that were learned. */
export class LearnedBlend extends Blend {
  readonly bases: BaseModels;
  /** As `baseNames` has them. */
  readonly weights: readonly number[];

  constructor(bases: BaseModels, weights: readonly number[]) {
    super(modelsOf(bases).map((model, at) => ({ model, weight: weights[at]! })));
    this.bases = bases;
    this.weights = weights;
  }

  /** Which of some items speaks most for another; −1 where none does. */
  speaker(items: Int32Array, other: number): number {
    return this.bases.ease.speaker(items, other);
  }

  pack(): Readonly<Record<string, Packed>> {
    return { ...packBases(this.bases), blend: { settings: { weights: this.weights }, columns: {} } };
  }

  static unpack(packed: Readonly<Record<string, Packed>>, common: CommonParts): LearnedBlend {
    return new LearnedBlend(unpackBases(packed, common), packed.blend!.settings.weights as number[]);
  }
}

/** Trained once for all trials with these settings. */
export function trainLearnedBlend(given: Given): LearnedBlend {
  const settings = given.settings.blend!;
  return trainedOnce(given.data, settings, () => {
    const newest = { ...settings, past: { ...settings.past, last: 1, count: Math.min(WINDOWS, settings.past.count) } };
    const weights = learnedWeights(pastOf(given, newest), settings);
    given.context.progress(0.2);
    return new LearnedBlend(trainBases(given, settings), weights);
  });
}

/** What each model is worth beside the others, for new items and for all; the same where there is nothing to learn from. */
function learnedWeights(past: readonly Past[], settings: BlendSettings): readonly number[] {
  const { weights } = blendWeights(baseNames.length, questionsOf(past, settings), { k: K, alikeShare: ALIKE_SHARE });
  return weights.some((weight) => weight > 0) ? weights : weights.map(() => 1);
}

function* questionsOf(past: readonly Past[], settings: BlendSettings): Generator<ScoredQuestion> {
  for (const { given, cases } of past) {
    const { users, hasRepeats, itemCount, nowMs } = cases;
    const models = modelsOf(trainBases(given, settings));
    const scores = models.map(() => new Float32Array(itemCount));
    for (const { history, had, wanted } of users.slice(0, USERS_MAX)) {
      for (const [at, model] of models.entries()) model.score(history, newestTime(history.atMs, nowMs), scores[at]!);
      const unknown = wanted.difference(had);
      if (unknown.size > 0) yield { had, wanted: unknown, scores };
      if (hasRepeats) yield { had: [], wanted, scores };
    }
  }
}
