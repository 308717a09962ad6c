import { FactorScorer } from '../kernels/factor-scorer.ts';
import type { SparseRows } from '../kernels/sparse-rows.ts';
import type { ThreadPool } from '../kernels/thread-pool.ts';
import { addVectors } from './add-vectors.ts';
import type { Packed } from './codec.ts';
import { type GraphContext, type GraphSpectrum, graphSpectrum } from './graph-spectrum.ts';
import { ItemGraph } from './item-graph.ts';
import type { History, RankingData, RankingModel } from './ranking.ts';
import { historyRow, type ItemRow, type RowSettings } from './user-item-rows.ts';

export interface BlurringSharpeningSettings extends RowSettings {
  /** Singular vectors kept; 512 unless said. */
  readonly rank?: number;
  /** What the ideal low-pass filter weighs beside the blur; 0.3 unless said. */
  readonly idealWeight?: number;
  /** How long sharpening goes on: how far what all items have in common is taken back. 2.5 unless said; 0 not at all. */
  readonly sharpness?: number;
}

interface Process {
  /** `P = ZᵀZ`, Z the users' rows, normalised by degrees. */
  readonly rows: SparseRows;
  /** P's largest eigenvectors V, f32 row-major, shape (itemCount, rank). */
  readonly vectors: Float32Array;
  /** Of the vectors, descending; f32, shape (rank). */
  readonly eigenvalues: Float32Array;
  /** Vᵀ D^½ V, f32, shape (rank, rank). */
  readonly mixing: Float32Array;
  /** D: users who took each item, by weight; f32, shape (itemCount). */
  readonly popularity: Float32Array;
  readonly settings: BlurringSharpeningSettings;
}

/**
 * What a user took, blurred on the graph of items that the same users took, `s = P h + idealWeight · D^½ V Vᵀ D^−½ h`, and sharpened again along `ds/dt = −P s`: the smoothest
 * signals, which all share, are taken back most. Sharpening lets pass `e(λ)` of an eigenvalue λ: among the vectors as it is, below them as of the least of them.
 *
 * An answer is two products with the vectors, and goes through all that those took who took something of the history.
 */
export class BlurringSharpening implements RankingModel {
  readonly itemCount: number;
  readonly #process: Process;
  readonly #graph: ItemGraph;
  readonly #scorer: FactorScorer;
  /** D^½. */
  readonly #degrees: Float32Array;
  /** e(λ), f32, shape (rank). */
  readonly #passed: Float32Array;
  /** Of what lies below the vectors. */
  readonly #passedBelow: number;

  /** @param pool shares the work of {@link scoreMany}. */
  constructor(process: Process, pool?: ThreadPool) {
    const { rows, vectors, eigenvalues, popularity, settings } = process;
    this.itemCount = popularity.length;
    this.#process = process;
    this.#graph = new ItemGraph(rows, popularity.length);
    this.#scorer = new FactorScorer(vectors, eigenvalues.length, { pool });
    this.#degrees = popularity.map(Math.sqrt);
    this.#passed = eigenvalues.map((value) => sharpened(value, settings));
    this.#passedBelow = sharpened(eigenvalues.at(-1) ?? 0, settings);
  }

  score(history: History, nowMs: number, scores: Float32Array): void {
    this.scoreMany([history], nowMs, scores);
  }

  scoreMany(histories: readonly History[], nowMs: number, scores: Float32Array): void {
    const { itemCount } = this;
    const { eigenvalues, settings } = this.#process;
    const rank = eigenvalues.length;
    const asked = histories.map((history) => {
      const { rows, weights } = historyRow(history, settings, { nowMs, itemCount });
      return { rows: rows.slice(), weights: weights.slice() };
    });
    const [vectors, ideal] = [new Float32Array(asked.length * rank), new Float32Array(asked.length * rank)];
    for (const [at, row] of asked.entries()) {
      const part = [at * rank, (at + 1) * rank] as const;
      this.#filter(row, vectors.subarray(...part), ideal.subarray(...part));
    }
    const ideals = new Float32Array(scores.length);
    this.#scorer.score(vectors, scores);
    this.#scorer.score(ideal, ideals);
    for (const [at, row] of asked.entries()) {
      const from = at * itemCount;
      for (let item = 0; item < itemCount; item++) scores[from + item]! += this.#degrees[item]! * ideals[from + item]!;
      this.#graph.addProduct(row, this.#passedBelow, scores.subarray(from, from + itemCount));
    }
  }

  /**
   * @param vectors zeros, becomes what is said along V beside `P h` as it passes below the vectors.
   * @param ideal zeros, becomes what is said along D^½ V.
   */
  #filter({ rows, weights }: ItemRow, vectors: Float32Array, ideal: Float32Array): void {
    const { vectors: basis, eigenvalues, mixing, settings } = this.#process;
    const { idealWeight = 0.3 } = settings;
    const rank = eigenvalues.length;
    const idealShares = Float64Array.from(weights, (weight, place) => {
      const degree = this.#degrees[rows[place]!]!;
      return degree > 0 ? (idealWeight * weight) / degree : 0;
    });
    addVectors(rows, weights, basis, vectors);
    addVectors(rows, idealShares, basis, ideal);
    for (let k = 0; k < rank; k++) {
      let mixed = 0;
      for (let other = 0, from = k * rank; other < rank; other++) mixed += mixing[from + other]! * ideal[other]!;
      const passed = this.#passed[k]!;
      vectors[k] = vectors[k]! * eigenvalues[k]! * (passed - this.#passedBelow) + mixed * (passed - 1);
    }
  }

  pack(): Packed {
    const { rows, settings, ...columns } = this.#process;
    return { settings: { ...settings }, columns: { ...rows, ...columns } };
  }

  static unpack({ settings, columns }: Packed): BlurringSharpening {
    const { start, items, ...floats } = columns as { start: Int32Array; items: Int32Array };
    const { weights, ...ofVectors } = floats as unknown as Omit<Process, 'rows' | 'settings'> & {
      weights: Float32Array;
    };
    return new BlurringSharpening({ ...ofVectors, rows: { start, items, weights }, settings });
  }
}

/** What sharpening leaves of a signal of this eigenvalue, by one Runge–Kutta step of fourth order, as in the source: `Σ (−sharpness · value)ⁿ / n!`, n ≤ 4. */
function sharpened(value: number, { sharpness = 2.5 }: BlurringSharpeningSettings): number {
  let [term, sum] = [1, 1];
  for (let power = 1; power <= 4; power++) {
    term *= (-sharpness * value) / power;
    sum += term;
  }
  return sum;
}

/**
 * Time and memory are those of {@link graphSpectrum}, and 8 · itemCount · rank bytes; a model takes as many, and 24 for each pair.
 *
 * Source: Choi et al. 2023 (BSPM).
 */
export function trainBlurringSharpening(
  data: RankingData,
  settings: BlurringSharpeningSettings,
  context: GraphContext,
): BlurringSharpening {
  const spectrum = graphSpectrum(data, { rank: 512, ...settings }, context);
  const { rows, right: vectors, popularity } = spectrum;
  const eigenvalues = Float32Array.from(spectrum.values, (value) => value ** 2);
  const mixing = mixingOf(spectrum, context.pool);
  return new BlurringSharpening({ rows, vectors, eigenvalues, mixing, popularity, settings }, context.pool);
}

/** `Vᵀ D^½ V`. */
function mixingOf({ rank, right, popularity }: GraphSpectrum, pool: ThreadPool | undefined): Float32Array {
  const itemCount = popularity.length;
  const mixing = new Float32Array(rank * rank);
  /** `Vᵀ D^¼`. */
  const weighed = new Float32Array(right.length);
  for (let item = 0; item < itemCount; item++) {
    const weight = popularity[item]! ** 0.25;
    for (let k = 0; k < rank; k++) weighed[k * itemCount + item] = weight * right[item * rank + k]!;
  }
  if (rank > 0) new FactorScorer(weighed, itemCount, { pool }).score(weighed, mixing);
  return mixing;
}
