import { Blend, blendWeights, type Packed, type RankingModel, type ScoredQuestion } from 'relearn/models';
import { type BaseModels, baseNames, modelsOf, packBases, trainBases, unpackBases } from './base-models.ts';
import { newestTime } from './newest-time.ts';
import { type Past, pastOf } from './past.ts';
import type { CommonParts } from './ranker-bytes.ts';
import type { Given } from './ranker-settings.ts';
import { trainedOnce } from './trained-parts.ts';

const K = 20;

/** Users asked to learn weights; more hardly move them. */
const USERS_MAX = 1_000;

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
    const [newest] = pastOf(given, settings);
    given.context.progress(0.2);
    return new LearnedBlend(trainBases(given, settings), learnedWeights(newest));
  });
}

/** What each model is worth beside the others, for new items and for all; the same where there is nothing to learn from. */
function learnedWeights(past: Past | undefined): readonly number[] {
  const { weights } = blendWeights(baseNames.length, past ? questionsOf(past) : [], K);
  return weights.some((weight) => weight > 0) ? weights : weights.map(() => 1);
}

function* questionsOf({ bases, cases: { users, hasRepeats, itemCount, nowMs } }: Past): Generator<ScoredQuestion> {
  const models: readonly RankingModel[] = modelsOf(bases);
  const scores = models.map(() => new Float32Array(itemCount));
  for (const { history, had, wanted } of users.slice(0, USERS_MAX)) {
    for (const [at, model] of models.entries()) model.score(history, newestTime(history.atMs, nowMs), scores[at]!);
    const unknown = wanted.difference(had);
    if (unknown.size > 0) yield { had, wanted: unknown, scores };
    if (hasRepeats) yield { had: [], wanted, scores };
  }
}
