import { topK } from '../kernels/top-k.ts';
import type { BlendOptions } from './blend.ts';
import { rankingScore } from './ranking-metrics.ts';
import { addStandardised } from './standardise.ts';

/** Items of each model that a blend chooses from. */
const CANDIDATES = 100;
/** Times that a model is added. */
const STEPS = 16;

/** What a user wanted, and what each model says of all items. */
export interface ScoredQuestion {
  /** Items that are not asked for. */
  readonly had: Iterable<number>;
  /** Not empty. */
  readonly wanted: ReadonlySet<number>;
  /** f32, shape (itemCount) each; they need stand only until the next question is asked for. */
  readonly scores: readonly Float32Array[];
}

/** What models say of the items that any of them would show: enough to know what a blend of them shows. */
interface Opinions {
  /** Standardised over all items; f32 row-major, shape (models, candidates). */
  readonly scores: Float32Array;
  /** By place among the candidates; below 0 for those that no model would show. */
  readonly wanted: ReadonlySet<number>;
}

export interface BlendChoice {
  /** Of each model, in their order; 0 leaves it out. They sum up to 1, or are all 0 where there is nothing to tell them apart by. */
  readonly weights: readonly number[];
  /** NDCG of each question. */
  readonly ndcg: Float64Array;
}

export interface BlendWeightsOptions extends BlendOptions {
  /** Places of a list that count. */
  readonly k: number;
  /**
   * So much of the weight goes alike to all models that come near the best of them, 0 to 1: models that see different things hold up where what is asked later is not as
   * these questions are.
   */
  readonly alikeShare?: number;
  /** A model comes near the best where its NDCG is so much of that; 0.9 unless said. */
  readonly near?: number;
  /** Those that weigh alike come to so much of the best one's NDCG together, or the worst is left out; 1 unless said. */
  readonly alikeLeast?: number;
}

/**
 * Weighs models by adding, again and again, the one that makes the blend's NDCG best, and takes the best blend on the way: small whole counts, which hold where finely
 * tuned weights would fit the questions. O(questions · (itemCount + candidates · models · steps)).
 *
 * Source: Caruana et al. 2004 (ensemble selection).
 */
export function blendWeights(
  modelCount: number,
  questions: Iterable<ScoredQuestion>,
  { k, alikeShare = 0, near = 0.9, alikeLeast = 1, onlyNew = false }: BlendWeightsOptions,
): BlendChoice {
  const opinions = Array.from(questions, (question) => opinionsOf(question, onlyNew));
  const unit = Array.from({ length: modelCount }, (_, own) => shares(modelCount, (model) => Number(model === own)));
  const singles = unit.map((weights) => total(blendNdcg(opinions, weights, k)));
  const alike = alikeWeights(opinions, singles, { k, near, alikeLeast });
  const tuned = alikeShare < 1 ? tunedWeights(opinions, modelCount, k) : alike;
  const weights = tuned.map((weight, model) => (1 - alikeShare) * weight + alikeShare * alike[model]!);
  return { weights, ndcg: blendNdcg(opinions, weights, k) };
}

/** Those near the best weigh alike; of these the worst is left out, again and again, while they come to too little beside the best alone. @param singles what each comes to alone, all questions summed. */
function alikeWeights(
  opinions: readonly Opinions[],
  singles: readonly number[],
  { k, near, alikeLeast }: Required<Pick<BlendWeightsOptions, 'k' | 'near' | 'alikeLeast'>>,
): number[] {
  const best = Math.max(...singles);
  const alike = (least: number) => shares(singles.length, (model) => Number(singles[model]! >= least && best > 0));
  const leasts = singles.filter((single) => single >= near * best).sort((a, b) => a - b);
  const least = leasts.find((own) => total(blendNdcg(opinions, alike(own), k)) >= alikeLeast * best);
  return alike(least ?? best);
}

function tunedWeights(opinions: readonly Opinions[], modelCount: number, k: number): number[] {
  const sums = opinions.map(({ scores }) => new Float32Array(scores.length / modelCount));
  let counts = Array.from({ length: modelCount }, () => 0);
  let best = { counts, ndcg: 0 };
  for (let step = 0; step < STEPS; step++) {
    const ndcg = counts.map((_, added) => ndcgWith(added, opinions, sums, k));
    const added = ndcg.indexOf(Math.max(...ndcg));
    counts = counts.with(added, counts[added]! + 1);
    for (const [at, { scores }] of opinions.entries()) addColumn(scores, added, 1, sums[at]!);
    if (ndcg[added]! > best.ndcg) best = { counts, ndcg: ndcg[added]! };
  }
  return shares(modelCount, (model) => best.counts[model]!);
}

/** Of all questions together, with one model more in their sums. */
function ndcgWith(model: number, opinions: readonly Opinions[], sums: readonly Float32Array[], k: number): number {
  let sum = 0;
  for (const [at, { scores, wanted }] of opinions.entries()) {
    const blended = sums[at]!.slice();
    addColumn(scores, model, 1, blended);
    sum += rankingScore(topK(blended, k), wanted, k).ndcg;
  }
  return sum;
}

/** Adds what a model says of the candidates. */
function addColumn(scores: Float32Array, model: number, weight: number, sums: Float32Array): void {
  const from = model * sums.length;
  for (let place = 0; place < sums.length; place++) sums[place]! += weight * scores[from + place]!;
}

/** Brought to a sum of 1; all 0 where they sum up to nothing. */
function shares(modelCount: number, of: (model: number) => number): number[] {
  const counts = Array.from({ length: modelCount }, (_, model) => of(model));
  const sum = counts.reduce((all, count) => all + count, 0);
  return counts.map((count) => (sum === 0 ? 0 : count / sum));
}

function opinionsOf({ had, wanted, scores }: ScoredQuestion, onlyNew: boolean): Opinions {
  const except = new Set(onlyNew ? had : []);
  const standardised = scores.map((own) => {
    const values = new Float32Array(own.length);
    addStandardised(own, 1, values, except);
    return values;
  });
  const shown = new Set<number>();
  for (const own of standardised) {
    const open = own.slice();
    for (const item of had) open[item] = Number.NEGATIVE_INFINITY;
    for (const item of topK(open, CANDIDATES)) if (open[item] !== Number.NEGATIVE_INFINITY) shown.add(item);
  }
  const items = [...shown].sort((a, b) => a - b);
  const opinions = new Float32Array(items.length * scores.length);
  for (const [model, own] of standardised.entries()) {
    for (const [place, item] of items.entries()) opinions[model * items.length + place] = own[item]!;
  }
  const placeOf = new Map(items.map((item, place) => [item, place]));
  return { scores: opinions, wanted: new Set(Array.from(wanted, (item, order) => placeOf.get(item) ?? -1 - order)) };
}

function blendNdcg(opinions: readonly Opinions[], weights: readonly number[], k: number): Float64Array {
  return Float64Array.from(opinions, ({ scores, wanted }) => {
    const sums = new Float32Array(scores.length / weights.length);
    for (const [model, weight] of weights.entries()) addColumn(scores, model, weight, sums);
    return rankingScore(topK(sums, k), wanted, k).ndcg;
  });
}

function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
