import { blendWeights, type RankingData, type RankingModel } from '../models/index.ts';
import { pairedBootstrap } from '../statistics/paired-bootstrap.ts';
import { successiveHalving } from '../statistics/successive-halving.ts';
import { fullRanking, type RankingQuestion, scored } from './full-ranking.ts';
import { rankingDataOf } from './list-data.ts';
import { type ListContext, type ListFamily, listFamilies, type Settings } from './list-families.ts';

const K = 20;
/** One pair in so many is held out to choose on. */
const HELD_OUT_OF = 10;
/** Users asked about while choosing. */
const ASKED_MAX = 10_000;
/** Pairs held out at random are not what users take next: so much of a blend does not go by them. */
const ALIKE_SHARE = 0.5;
/** Settings are compared on so many of the users before they are on all: fewer would make others best. */
const PART = 1 / 3;
/** What is best on the part is often a step from what is best on all: a step is tried where it came to so much of the best on the part. */
const HOPE = 0.85;
/** One standard error. Source: Breiman et al. 1984 (the simplest within one standard error of the best). */
const NOISE_LEVEL = 0.68;

/** A family with its settings, and what it weighs in a blend. */
export interface ChosenPart {
  readonly family: ListFamily;
  readonly settings: Settings;
  readonly weight: number;
}

/** The best of a family, trained on what was not held out. */
interface Finalist {
  readonly family: ListFamily;
  readonly settings: Settings;
  readonly model: RankingModel;
  readonly ndcg: Float64Array;
}

interface Trained extends Finalist {
  readonly trainMs: number;
}

export interface ListChoiceContext extends ListContext {
  /** When choosing must be over, on `performance.now`'s clock; what the last training will take is kept free. */
  readonly endMs: number;
  /** Told of each try. */
  readonly progress: (line: string) => void;
}

/** Compares families of models on pairs held out of what users took. */
export class ListChoice {
  readonly #data: RankingData;
  readonly #questions: readonly (RankingQuestion & { readonly user: number })[];
  readonly #part: { readonly data: RankingData; readonly questions: readonly RankingQuestion[] };
  readonly #context: ListChoiceContext;
  /** What training the finalists again will take, ms. */
  #finalMs = 0;

  /** @param taken what each user took, each item once, 0 to itemCount − 1. */
  constructor(itemCount: number, taken: readonly Int32Array[], context: ListChoiceContext) {
    this.#context = context;
    const kept = taken.map((items, user) => items.filter((item) => !isHeldOut(user, item)));
    this.#data = rankingDataOf(itemCount, kept);
    const step = Math.max(1, Math.ceil(taken.length / ASKED_MAX));
    this.#questions = taken
      .map((items, user) => {
        const wanted = new Set(items.filter((item) => isHeldOut(user, item)));
        return { user, had: kept[user]!, wanted };
      })
      .filter(({ user, wanted }) => user % step === 0 && wanted.size > 0);
    const isPart = (user: number) => mixed(user) < PART * 2 ** 32;
    this.#part = {
      data: rankingDataOf(
        itemCount,
        kept.map((items, user) => (isPart(user) ? items : new Int32Array(0))),
      ),
      questions: this.#questions.filter(({ user }) => isPart(user)),
    };
  }

  /** The simplest of the families and of their blend that none beats beyond noise. */
  async best(): Promise<readonly ChosenPart[]> {
    const simplest = { family: listFamilies[0]!, settings: listFamilies[0]!.variants[0]!, weight: 1 };
    if (this.#questions.length === 0) return [simplest];
    const finalists: Finalist[] = [];
    for (const family of listFamilies) {
      if (family.suits?.(this.#data) === false) continue;
      const finalist = this.#isOver() ? undefined : await this.#finalist(family);
      if (finalist) finalists.push(finalist);
      else this.#context.progress(`${family.model}: left out, the time is over`);
    }
    return this.#simplest(finalists);
  }

  /** The family's best settings: of successive halving, then what lies beside them; undefined where time was over before any were compared on everything. */
  async #finalist(family: ListFamily): Promise<Finalist | undefined> {
    const ofPart = new Map<Settings, number>();
    const untried = new Set(family.variants);
    let best: Trained | undefined;
    const scoreOnAll = (settings: Settings) => {
      untried.delete(settings);
      const tried = this.#tryOnAll(family, settings);
      if (best === undefined || mean(tried.ndcg) > mean(best.ndcg)) best = tried;
      return mean(tried.ndcg);
    };
    await successiveHalving(family.variants, {
      isOver: () => this.#isOver(),
      score: (settings, share) =>
        share < 1 ? (ofPart.get(settings) ?? this.#scoreOnPart(family, settings, ofPart)) : scoreOnAll(settings),
    });
    const hopeful = (settings: Settings) => ofPart.get(settings)! > HOPE * Math.max(...ofPart.values());
    for (let from: Trained | undefined; best !== undefined && best !== from; ) {
      from = best;
      const near = besides(from.settings, family.variants).filter(
        (settings) => untried.has(settings) && hopeful(settings),
      );
      for (const settings of near) if (!this.#isOver()) scoreOnAll(settings);
    }
    if (best !== undefined) this.#finalMs += best.trainMs;
    return best;
  }

  #tryOnAll(family: ListFamily, settings: Settings): Trained {
    const startedMs = performance.now();
    const model = family.train(this.#data, settings, this.#context);
    const trainMs = performance.now() - startedMs;
    const { ndcg } = fullRanking(model, this.#questions, K);
    this.#told(family.model, settings, ndcg);
    return { family, settings, model, ndcg, trainMs };
  }

  #scoreOnPart(family: ListFamily, settings: Settings, known: Map<Settings, number>): number {
    const { data, questions } = this.#part;
    const score = mean(fullRanking(family.train(data, settings, this.#context), questions, K).ndcg);
    known.set(settings, score);
    return score;
  }

  #simplest(finalists: readonly Finalist[]): readonly ChosenPart[] {
    const models = finalists.map(({ model }) => model);
    const blend = blendWeights(models.length, scored(models, this.#questions), K, ALIKE_SHARE);
    const parts = finalists
      .map(({ family, settings }, at) => ({ family, settings, weight: Math.round(1_000 * blend.weights[at]!) / 1_000 }))
      .filter(({ weight }) => weight > 0);
    const weights = Object.fromEntries(parts.map(({ family, weight }) => [family.model, weight]));
    this.#told('blend', weights, blend.ndcg);
    const all = [blend.ndcg, ...finalists.map(({ ndcg }) => ndcg)];
    const best = all.reduce((most, own) => (mean(own) > mean(most) ? own : most));
    const { seed } = this.#context;
    const single = finalists.find(
      ({ ndcg }) => ndcg === best || pairedBootstrap(best, ndcg, seed, NOISE_LEVEL)[0] <= 0,
    );
    return single ? [{ family: single.family, settings: single.settings, weight: 1 }] : parts;
  }

  #isOver(): boolean {
    return performance.now() + this.#finalMs > this.#context.endMs;
  }

  #told(model: string, settings: object, ndcg: Float64Array): void {
    this.#context.progress(`${model} ${JSON.stringify(settings)}: NDCG@${K} ${mean(ndcg).toFixed(4)}`);
  }
}

/** Those that differ from `from` by one step of one setting. */
function besides(from: Settings, all: readonly Settings[]): Settings[] {
  return all.filter((settings) => {
    const changed = Object.keys(from).filter((name) => settings[name] !== from[name]);
    if (changed.length !== 1) return false;
    const steps = [...new Set(all.map((own) => own[changed[0]!]!))];
    return Math.abs(steps.indexOf(settings[changed[0]!]!) - steps.indexOf(from[changed[0]!]!)) === 1;
  });
}

/** The same pairs at each run, spread evenly. */
function isHeldOut(user: number, item: number): boolean {
  return mixed(Math.imul(user, 0x9e3779b1) ^ Math.imul(item, 0x85ebca6b)) % HELD_OUT_OF === 0;
}

/** 0 to 2³² − 1. Source of the constants: Steele, Lea & Flood 2014 (SplitMix). */
function mixed(value: number): number {
  const turned = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
  return (turned ^ (turned >>> 13)) >>> 0;
}

function mean(values: Float64Array): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
