import { blendWeights } from '../models/index.ts';
import { pairedBootstrap } from '../statistics/paired-bootstrap.ts';
import { FamilySearch, type TriedSettings } from './family-search.ts';
import { scored } from './full-ranking.ts';
import { cutLists, type ListCut } from './list-cut.ts';
import { type ListContext, type ListFamily, listFamilies, type Settings } from './list-families.ts';

const K = 20;
/** All: pairs held out at random are not what users take next, and neither weights tuned to them nor the one model that is best on them would hold. */
const ALIKE_SHARE = 1;
/** Models whose NDCG is less of the best are left out of the blend. */
const NEAR = 0.85;
/** A blend comes to so much of the best alone on what was held out: it may cost a little there, and hold better on what comes next. */
const ALIKE_LEAST = 0.98;
/** One standard error. Source: Breiman et al. 1984 (the simplest within one standard error of the best). */
const NOISE_LEVEL = 0.68;

/** A family with its settings, and what it weighs in a blend. */
export interface ChosenPart {
  readonly family: ListFamily;
  readonly settings: Settings;
  readonly weight: number;
}

/** The best of a family, trained on what was not held out. */
interface Finalist extends TriedSettings {
  readonly family: ListFamily;
}

export interface ListChoiceContext extends ListContext {
  /** What the process may hold: of a large whole, settings whose training would take more are left out. */
  readonly memoryBytes: number;
  /** When choosing must be over, on `performance.now`'s clock; what the last training will take is kept free. */
  readonly endMs: number;
  /** Told of each try. */
  readonly progress: (line: string) => void;
}

/** Compares families of models on pairs held out of what users took. */
export class ListChoice {
  readonly #cut: ListCut;
  readonly #context: ListChoiceContext;
  /** What it will take to ask the finalists again for a blend, and to train them on everything, ms. */
  #finalMs = 0;

  /** @param taken what each user took, each item once, 0 to itemCount − 1. */
  constructor(itemCount: number, taken: readonly Int32Array[], context: ListChoiceContext) {
    this.#context = context;
    this.#cut = cutLists(itemCount, taken);
  }

  /** The best of all families that come near the best of them, blended alike; the simplest family where none beats it beyond noise. */
  async best(): Promise<readonly ChosenPart[]> {
    const simplest = { family: listFamilies[0]!, settings: listFamilies[0]!.variants[0]!, weight: 1 };
    if (this.#cut.whole.questions.length === 0) return [simplest];
    const finalists: Finalist[] = [];
    const families = listFamilies.filter(({ suits }) => suits?.(this.#cut.whole.data) !== false);
    for (const [at, family] of families.entries()) {
      const best = this.#isOver() ? undefined : await this.#bestOf(family, families.length - at);
      if (best) {
        finalists.push({ family, ...best });
        this.#finalMs += best.trainMs + 2 * best.askMs;
      } else this.#context.progress(`${family.model}: left out`);
    }
    return finalists.length === 0 ? [simplest] : this.#chosen(finalists);
  }

  /** The family's best settings; undefined where none fit time and memory. Each family has an equal share of the time that is left. */
  async #bestOf(family: ListFamily, familiesLeft: number): Promise<TriedSettings | undefined> {
    const { isLarge } = this.#cut;
    if (isLarge) this.#context.pool.freeMemories();
    const variants = isLarge ? this.#roomFor(family) : family.variants;
    if (variants.length === 0) return undefined;
    const search = new FamilySearch({ ...family, variants }, this.#cut, { ...this.#context, k: K });
    const nowMs = performance.now();
    const endMs = nowMs + (this.#context.endMs - this.#finalMs - nowMs) / familiesLeft;
    return isLarge ? search.bestUntil(endMs) : await search.best(() => this.#isOver(), endMs);
  }

  /** Settings whose training fits the memory. */
  #roomFor({ model, variants, bytes }: ListFamily): readonly Settings[] {
    const freeBytes = this.#context.memoryBytes - process.memoryUsage().rss;
    const needed = (settings: Settings) => bytes?.(this.#cut.whole.data, settings) ?? 0;
    const fitting = variants.filter((settings) => needed(settings) <= freeBytes);
    if (fitting.length < variants.length) {
      const most = Math.max(...variants.map(needed));
      const [takes, free] = [most, freeBytes].map((count) => Math.round(count / 1024 ** 2));
      this.#context.progress(
        `${model}: ${variants.length - fitting.length} of ${variants.length} settings left out, they take up to ${takes} MiB where ${free} are free`,
      );
    }
    return fitting;
  }

  #chosen(finalists: readonly Finalist[]): readonly ChosenPart[] {
    const models = finalists.map(({ model }) => model);
    const options = { k: K, alikeShare: ALIKE_SHARE, near: NEAR, alikeLeast: ALIKE_LEAST, onlyNew: true };
    const blend = blendWeights(models.length, scored(models, this.#cut.whole.questions), options);
    const parts = finalists
      .map(({ family, settings }, at) => ({ family, settings, weight: Math.round(1_000 * blend.weights[at]!) / 1_000 }))
      .filter(({ weight }) => weight > 0);
    const weights = Object.fromEntries(parts.map(({ family, weight }) => [family.model, weight]));
    this.#context.progress(`blend ${JSON.stringify(weights)}: NDCG@${K} ${mean(blend.ndcg).toFixed(4)}`);
    const { family, settings, ndcg } = finalists[0]!;
    const best = finalists.reduce((most, own) => (mean(own.ndcg) > mean(most.ndcg) ? own : most));
    const [low] = pairedBootstrap(best.ndcg, ndcg, this.#context.seed, NOISE_LEVEL);
    return low > 0 ? parts : [{ family, settings, weight: 1 }];
  }

  #isOver(): boolean {
    return performance.now() + this.#finalMs > this.#context.endMs;
  }
}

function mean(values: Float64Array): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
