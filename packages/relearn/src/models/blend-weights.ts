import { topK } from '../kernels/top-k.ts';
import { rankingScore } from './ranking-metrics.ts';
import { addStandardised } from './standardise.ts';

/** Items of each model that a blend chooses from. */
const CANDIDATES = 100;
/** Times that a model is added. */
const STEPS = 16;
/** A model comes near the best where its NDCG is so much of that. */
const NEAR = 0.85;

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
  /** Standardised over all items; f32 row-major, shape (candidates, models). */
  readonly scores: Float32Array;
  /** By place among the candidates; below 0 for those that no model would show. */
  readonly wanted: ReadonlySet<number>;
}

export interface BlendChoice {
  /** Of each model, in their order; 0 leaves it out. They sum up to 1. */
  readonly weights: readonly number[];
  /** NDCG of each question. */
  readonly ndcg: Float64Array;
}

/**
 * Weighs models: half by adding, again and again, the one that makes the blend's NDCG best, and keeping the best blend on the way; half alike, of all that come near the
 * best of them. What is held out at random is not what users take next: models that see different things hold up where one tuned to the questions does
 * not. O(questions · (itemCount + candidates · models² · steps)).
 *
 * Source: Caruana et al. 2004 (ensemble selection).
 *
 * @param singles NDCG of each model alone, of each question.
 */
<<<<<<< Updated upstream:packages/relearn/src/models/blend-weights.ts
export function blendWeights(modelCount: number, questions: Iterable<ScoredQuestion>, k: number): BlendChoice {
  const opinions = Array.from(questions, opinionsOf);
  const models = Array.from({ length: modelCount }, (_, model) => model);
  let best: BlendChoice = { weights: models.map(() => 0), ndcg: new Float64Array(opinions.length) };
  for (let step = 0; step < STEPS; step++) {
    const tries = models.map((added) => best.weights.map((weight, model) => weight + Number(model === added)));
    const found = tries.map((weights) => ({ weights, ndcg: blendNdcg(opinions, weights, k) }));
    const next = found.reduce((most, own) => (total(own.ndcg) > total(most.ndcg) ? own : most));
    if (total(next.ndcg) <= total(best.ndcg)) break;
    best = next;
=======
export function blendWeights(
  models: readonly RankingModel[],
  questions: readonly RankingQuestion[],
  { k, singles }: { readonly k: number; readonly singles: readonly Float64Array[] },
): BlendChoice {
  const opinions = Array.from(scored(models, questions), opinionsOf);
  const tuned = tunedWeights(opinions, models.length, k);
  const best = Math.max(...singles.map(total));
  const alike = shares(singles.map((ndcg) => Number(total(ndcg) >= NEAR * best)));
  const weights = tuned.map((weight, model) => Math.round(50 * (weight + alike[model]!)) / 100);
  return { weights, ndcg: blendNdcg(opinions, weights, k) };
}

/** Shares that sum up to 1. */
function tunedWeights(opinions: readonly Opinions[], modelCount: number, k: number): number[] {
  let counts = new Array<number>(modelCount).fill(0);
  let best = { counts, ndcg: 0 };
  for (let step = 0; step < STEPS; step++) {
    const tries = counts.map((_, added) => counts.map((count, model) => count + Number(model === added)));
    const found = tries.map((own) => ({ counts: own, ndcg: total(blendNdcg(opinions, own, k)) }));
    const next = found.reduce((most, own) => (own.ndcg > most.ndcg ? own : most));
    counts = next.counts;
    if (next.ndcg > best.ndcg) best = next;
>>>>>>> Stashed changes:packages/relearn/src/choice/blend-weights.ts
  }
  return shares(best.counts);
}

function shares(counts: readonly number[]): number[] {
  const sum = counts.reduce((all, count) => all + count, 0);
  return counts.map((count) => count / Math.max(1, sum));
}

function opinionsOf({ had, wanted, scores }: ScoredQuestion): Opinions {
  const standardised = scores.map((own) => {
    const values = new Float32Array(own.length);
    addStandardised(own, 1, values);
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
    for (const [place, item] of items.entries()) opinions[place * scores.length + model] = own[item]!;
  }
  const placeOf = new Map(items.map((item, place) => [item, place]));
  return { scores: opinions, wanted: new Set(Array.from(wanted, (item, order) => placeOf.get(item) ?? -1 - order)) };
}

function blendNdcg(opinions: readonly Opinions[], weights: readonly number[], k: number): Float64Array {
  return Float64Array.from(opinions, ({ scores, wanted }) => {
    const sums = new Float32Array(scores.length / weights.length);
    for (let place = 0, at = 0; place < sums.length; place++) {
      for (let model = 0; model < weights.length; model++) sums[place]! += weights[model]! * scores[at++]!;
    }
    return rankingScore(topK(sums, k), wanted, k).ndcg;
  });
}

function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
