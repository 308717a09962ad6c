import {
  BlendStage,
  type History,
  joinedFeatures,
  type LabelWindow,
  NothingToLearn,
  type Packed,
  PriceFeatures,
  type RankingModel,
  SecondStage,
  TermFeatures,
  trainPriceFeatures,
  trainSecondStage,
  trainTermFeatures,
  trainUserItemFeatures,
  UserItemFeatures,
} from 'relearn/models';
import { type BaseModels, baseNames, modelsOf, trainBases } from './base-models.ts';
import { LearnedBlend, trainLearnedBlend } from './learned-blend.ts';
import { newestTime } from './newest-time.ts';
import { pastOf } from './past.ts';
import type { CommonParts } from './ranker-bytes.ts';
import type { Given } from './ranker-settings.ts';
import { threadsFor } from './trained-parts.ts';

/** What is known beside the base models' scores. */
interface Features {
  readonly log: UserItemFeatures;
  readonly prices: PriceFeatures;
  readonly terms: TermFeatures;
}

interface BoostedParts {
  readonly blend: LearnedBlend;
  readonly features: Features;
  readonly second: SecondStage;
}

/** The best items of a blend, ranked anew by boosted trees over what each base model and the log say of them. */
export class Boosted implements RankingModel {
  readonly itemCount: number;
  readonly #parts: BoostedParts;

  constructor(parts: BoostedParts) {
    this.itemCount = parts.blend.itemCount;
    this.#parts = parts;
  }

  score(history: History, nowMs: number, scores: Float32Array): void {
    this.#parts.second.score(history, nowMs, scores);
  }

  /** Which of some items speaks most for another; −1 where none does. */
  speaker(items: Int32Array, other: number): number {
    return this.#parts.blend.speaker(items, other);
  }

  pack(): Readonly<Record<string, Packed>> {
    const { blend, features, second } = this.#parts;
    const { log, prices, terms } = features;
    return { ...blend.pack(), log: log.pack(), prices: prices.pack(), terms: terms.pack(), ...second.pack() };
  }

  static unpack(packed: Readonly<Record<string, Packed>>, common: CommonParts): Boosted {
    const blend = LearnedBlend.unpack(packed, common);
    const features = {
      log: UserItemFeatures.unpack(packed.log!),
      prices: PriceFeatures.unpack(packed.prices!),
      terms: TermFeatures.unpack(packed.terms!),
    };
    return new Boosted({ blend, features, second: SecondStage.unpack(packed, stageOf(blend, blend.bases, features)) });
  }
}

/** The blend alone where the past teaches nothing. */
export function trainBoosted(given: Given): Boosted | LearnedBlend {
  const { data, settings, context } = given;
  const blend = trainLearnedBlend(given);
  context.progress(0.3);
  const features = featuresOf(given);
  const within = { ...context, ...threadsFor(data), progress: (share: number) => context.progress(0.5 + share / 2) };
  try {
    const final = stageOf(blend, blend.bases, features);
    const second = trainSecondStage(labelWindows(given, blend), final, settings.second!, within);
    return new Boosted({ blend, features, second });
  } catch (error) {
    if (error instanceof NothingToLearn) return blend;
    throw error;
  }
}

/** Each window's first stage is trained when it is asked for: all of them together would take far more memory. */
function labelWindows(given: Given, blend: LearnedBlend): LabelWindow[] {
  const settings = given.settings.blend!;
  return pastOf(given, settings).map(({ given: then, cases: { users, nowMs } }) => ({
    get firstStage() {
      given.context.progress(0.4);
      threadsFor(given.data).pool?.freeMemories();
      return stageOf(blend, trainBases(then, settings), featuresOf(then));
    },
    questions: users.map(({ history, wanted }) => ({ history, nowMs: newestTime(history.atMs, nowMs), wanted })),
  }));
}

function featuresOf({ data, settings, context }: Given): Features {
  return {
    log: trainUserItemFeatures(data, context),
    prices: trainPriceFeatures(data, data.prices),
    terms: trainTermFeatures(data, data.contents, settings.blend!.content, context),
  };
}

/** Base models of some time, weighed as the blend of today is. */
function stageOf({ weights }: LearnedBlend, bases: BaseModels, { log, prices, terms }: Features): BlendStage {
  const models = modelsOf(bases);
  const parts = baseNames.map((name, at) => ({ name, model: models[at]!, weight: weights[at]! }));
  return new BlendStage(parts, joinedFeatures([log, prices, terms]));
}
