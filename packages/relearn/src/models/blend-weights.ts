import { topK } from '../kernels/top-k.ts';
import { rankingScore } from './ranking-metrics.ts';
import { addStandardised } from './standardise.ts';

/** Items of each model that a blend chooses from. */
const CANDIDATES = 100;
/** Times that a model is added. */
const STEPS = 12;

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
  /** How often each model was taken, in their order; 0 leaves it out. */
  readonly weights: readonly number[];
  /** NDCG of each question. */
  readonly ndcg: Float64Array;
}

/**
 * Weighs models by adding, again and again, the one that makes the blend's NDCG best, and as long as it gets better: small whole weights, which hold where finely tuned ones
 * would fit the questions. O(questions · (itemCount + candidates · models² · steps)).
 *
 * Source: Caruana et al. 2004 (ensemble selection).
 */
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
  }
  return best;
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
