import type { RankingData, RankingModel } from '../models/index.ts';
import { successiveHalving } from '../statistics/successive-halving.ts';
import { fullRanking } from './full-ranking.ts';
import type { ListCut, Trial } from './list-cut.ts';
import type { ListContext, ListFamily, Settings } from './list-families.ts';

/** Where the whole is large, comparing settings on the part takes so much of the time at most. */
const PART_TIME = 1 / 3;
/** What is best on the part is often a step from what is best on the whole: a step is tried where it came to so much of the best on the part. */
const HOPE = 0.85;

export interface FamilySearchContext extends ListContext {
  /** Places of a list that count. */
  readonly k: number;
  /** Told of each try on the whole, and of what does not fit the time. */
  readonly progress: (line: string) => void;
}

/** Settings as tried: what they came to, and what that took. */
export interface TriedSettings {
  readonly settings: Settings;
  readonly model: RankingModel;
  /** Of each question. */
  readonly ndcg: Float64Array;
  readonly trainMs: number;
  /** All questions. */
  readonly askMs: number;
}

type OfPart = Omit<TriedSettings, 'model' | 'ndcg'> & { readonly score: number };

/** Looks for the best settings of a family, once. */
export class FamilySearch {
  readonly #family: ListFamily;
  readonly #cut: ListCut;
  readonly #context: FamilySearchContext;
  readonly #ofPart = new Map<Settings, OfPart>();
  readonly #all: readonly Settings[];
  readonly #untried: Set<Settings>;
  #best: TriedSettings | undefined;

  constructor(family: ListFamily, cut: ListCut, context: FamilySearchContext) {
    this.#family = family;
    this.#cut = cut;
    this.#context = context;
    this.#all = cut.isLarge ? family.variants : [...family.variants, ...(family.dear ?? [])];
    this.#untried = new Set(this.#all);
  }

  /**
   * Of successive halving, then of what lies beside them. Once any were tried on the whole, others are as long as one more such try would be done by `endMs`. Undefined where time was
   * over before.
   */
  async best(isOver: () => boolean, endMs: number): Promise<TriedSettings | undefined> {
    const isDone = () => {
      const best = this.#best;
      return isOver() || (best !== undefined && performance.now() + best.trainMs + best.askMs > endMs);
    };
    await successiveHalving(this.#family.variants, {
      isOver: isDone,
      score: (settings, share) => (share < 1 ? this.#scoreOfPart(settings) : this.#tryOnWhole(settings)),
    });
    this.#climb(() => !isDone());
    return this.#best;
  }

  /**
   * Of a large whole: the best on the part that fit the time, then what lies beside them and fits. Time is kept to train the best again. Undefined where none fit.
   */
  bestUntil(endMs: number): TriedSettings | undefined {
    const startedMs = performance.now();
    const partEndMs = startedMs + PART_TIME * (endMs - startedMs);
    for (const settings of this.#family.variants) inTime(() => this.#scoreOfPart(settings, partEndMs));
    const tried = [...this.#ofPart.values()].sort((a, b) => b.score - a.score);
    const fits = (settings: Settings) => this.#foretoldMs(settings) < endMs - performance.now();
    const first = tried.find(({ settings }) => fits(settings));
    if (first === undefined) {
      const takes = tried[0] ? `about ${inSeconds(this.#foretoldMs(tried[0].settings))} s` : 'too long on a part alone';
      this.#context.progress(
        `${this.#family.model}: takes ${takes} where it has ${inSeconds(endMs - performance.now())} s left`,
      );
      return undefined;
    }
    inTime(() => this.#tryOnWhole(first.settings, endMs));
    this.#climb((settings) => fits(settings), endMs);
    return this.#best;
  }

  /** From the best so far to what lies beside it and has hope, as long as that is better. */
  #climb(fits: (settings: Settings) => boolean, endMs?: number): void {
    for (let from: TriedSettings | undefined; this.#best !== undefined && this.#best !== from; ) {
      from = this.#best;
      const near = besides(from.settings, this.#all).filter(
        (settings) => this.#untried.has(settings) && this.#isHopeful(settings),
      );
      for (const settings of near) if (fits(settings)) inTime(() => this.#tryOnWhole(settings, endMs));
    }
  }

  /** What is too dear for the part has the hope of what lies beside it. */
  #isHopeful(settings: Settings): boolean {
    const near = this.#family.dear?.includes(settings) ? besides(settings, this.#all) : [settings];
    const most = Math.max(...Array.from(this.#ofPart.values(), ({ score }) => score));
    return near.some((own) => (this.#ofPart.get(own)?.score ?? Number.NaN) >= HOPE * most);
  }

  /** To try settings on the whole, and to train the best again. As training was on the part, by how its work grows; once there was a try on the whole, by what that took. */
  #foretoldMs(settings: Settings): number {
    const { whole, part } = this.#cut;
    const own = this.#ofPart.get(settings)!;
    const known = this.#best && this.#ofPart.get(this.#best.settings);
    const growth = known
      ? this.#best!.trainMs / known.trainMs
      : this.#work(whole.data, settings) / this.#work(part.data, settings);
    const askMs = own.askMs * (this.#askWork(whole) / Math.max(1, this.#askWork(part)));
    return 2 * growth * own.trainMs + 3 * askMs;
  }

  #work(data: RankingData, settings: Settings): number {
    return this.#family.work?.(data, settings) ?? data.items.length;
  }

  #askWork({ data, questions }: Trial): number {
    return questions.length * (this.#family.askWork?.(data) ?? 1);
  }

  #tryOnWhole(settings: Settings, endMs?: number): number {
    this.#untried.delete(settings);
    const tried = this.#try(settings, this.#cut.whole, endMs);
    const score = mean(tried.ndcg);
    this.#context.progress(
      `${this.#family.model} ${JSON.stringify(settings)}: NDCG@${this.#context.k} ${score.toFixed(4)}, trained in ${inSeconds(tried.trainMs)} s`,
    );
    if (this.#best === undefined || score > mean(this.#best.ndcg)) this.#best = tried;
    return score;
  }

  #scoreOfPart(settings: Settings, endMs?: number): number {
    const known = this.#ofPart.get(settings);
    if (known) return known.score;
    const { ndcg, trainMs, askMs } = this.#try(settings, this.#cut.part, endMs);
    const score = mean(ndcg);
    this.#ofPart.set(settings, { settings, score, trainMs, askMs });
    return score;
  }

  #try(settings: Settings, { data, questions }: Trial, endMs = Number.POSITIVE_INFINITY): TriedSettings {
    const signal = deadline(endMs);
    signal.throwIfAborted();
    this.#context.pool.freeMemories();
    const startedMs = performance.now();
    const model = this.#family.train(data, settings, { ...this.#context, signal });
    const trainedMs = performance.now();
    const { ndcg } = fullRanking(model, questions, this.#context.k, signal);
    return { settings, model, ndcg, trainMs: trainedMs - startedMs, askMs: performance.now() - trainedMs };
  }
}

class TimeIsOver extends Error {}

/** Aborts from a time on: training is synchronous, and no timer would go off. */
function deadline(endMs: number): AbortSignal {
  const { signal } = new AbortController();
  signal.throwIfAborted = () => {
    if (performance.now() > endMs) throw new TimeIsOver();
  };
  return signal;
}

/** A try that comes to nothing where time is over. */
function inTime(attempt: () => void): void {
  try {
    attempt();
  } catch (error) {
    if (!(error instanceof TimeIsOver)) throw error;
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

function inSeconds(ms: number): string {
  return (ms / 1_000).toFixed(1);
}

function mean(values: Float64Array): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
