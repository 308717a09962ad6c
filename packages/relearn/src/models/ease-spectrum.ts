import { FactorScorer } from '../kernels/factor-scorer.ts';
import { truncatedSvd } from '../kernels/truncated-svd.ts';
import { addVectors } from './add-vectors.ts';
import type { Packed } from './codec.ts';
import type { EaseMap, EaseOptions, EaseProblem } from './ease-problem.ts';
import { ItemGraph } from './item-graph.ts';
import type { ItemRow } from './user-item-rows.ts';

/** What is known of each item: f32, shape (itemCount). */
interface Items {
  /** Λ^−½. */
  readonly inputs: Float32Array;
  /** What a score is multiplied by. */
  readonly outputs: Float32Array;
  /** Diagonal of g(ZᵀZ): what an item says of itself, which does not count. */
  readonly own: Float32Array;
}

interface Spectrum {
  /** ZᵀZ. */
  readonly graph: ItemGraph;
  /** The largest eigenvalues' vectors, f32 row-major, shape (itemCount, rank). */
  readonly vectors: Float32Array;
  /** How much more of each passes than its eigenvalue times the slope, f32, shape (rank). */
  readonly surplus: Float32Array;
  /** How much of what is not among the vectors passes, by eigenvalue. */
  readonly slope: number;
}

/**
 * EASE's map kept by its spectrum, for where neither items nor users are few. With `Z = X Λ^−½` all that the map says of a history h is `g(ZᵀZ) Λ^−½ h`, where g lets pass s / (1 + s)
 * of an eigenvalue s. Here so much passes of the largest ones, and s / (1 + s₀) of all below the least of these, s₀: what is linear needs no vectors, but Z alone, and g has no step.
 * Little passes of what is small, less than of EASE itself. 4 · rank bytes for an item, and Z twice. An answer reads the vectors, and all that those took who took something of the history.
 */
export class EaseSpectrum implements EaseMap {
  readonly #spectrum: Spectrum;
  readonly #items: Items;
  readonly #scorer: FactorScorer;

  constructor(spectrum: Spectrum, items: Items, { pool }: Pick<EaseOptions, 'pool'> = {}) {
    const { vectors, surplus } = spectrum;
    this.#spectrum = spectrum;
    this.#items = items;
    this.#scorer = new FactorScorer(vectors, surplus.length, { pool });
  }

  score(histories: readonly ItemRow[], scores: Float32Array): void {
    const { own, outputs } = this.#items;
    const { graph, slope } = this.#spectrum;
    const itemCount = own.length;
    const inputs = histories.map((history) => this.#inputs(history));
    this.#scoreVectors(histories, inputs, scores);
    for (const [at, { rows }] of histories.entries()) {
      const said = scores.subarray(at * itemCount, (at + 1) * itemCount);
      graph.addProduct({ rows, weights: inputs[at]! }, slope, said);
      for (let place = 0; place < rows.length; place++) said[rows[place]!]! -= inputs[at]![place]! * own[rows[place]!]!;
      for (let item = 0; item < itemCount; item++) said[item]! *= outputs[item]!;
    }
  }

  /** `Λ^−½ h`. */
  #inputs({ rows, weights }: ItemRow): Float32Array {
    return weights.map((weight, place) => weight * this.#items.inputs[rows[place]!]!);
  }

  /** The surplus of the largest eigenvalues. @param scores overwritten. */
  #scoreVectors(histories: readonly ItemRow[], inputs: readonly Float32Array[], scores: Float32Array): void {
    const { vectors, surplus } = this.#spectrum;
    const rank = surplus.length;
    const signals = new Float32Array(histories.length * rank);
    for (const [at, { rows }] of histories.entries()) {
      const signal = signals.subarray(at * rank, (at + 1) * rank);
      addVectors(rows, inputs[at]!, vectors, signal);
      for (let k = 0; k < rank; k++) signal[k]! *= surplus[k]!;
    }
    this.#scorer.score(signals, scores);
  }

  at(from: number, to: number): number {
    const { inputs, outputs } = this.#items;
    return from === to ? 0 : inputs[from]! * passed(this.#spectrum, from, to) * outputs[to]!;
  }

  pack(): Packed {
    const { graph, slope, vectors, surplus } = this.#spectrum;
    return { settings: { slope }, columns: { ...graph.rows, ...this.#items, vectors, surplus } };
  }

  static unpack({ settings, columns }: Packed): EaseSpectrum {
    const { start, items, ...floats } = columns as { start: Int32Array; items: Int32Array };
    const { weights, vectors, surplus, ...ofItems } = floats as Record<string, Float32Array>;
    const graph = new ItemGraph({ start, items, weights: weights! }, ofItems.own!.length);
    const spectrum = { graph, vectors: vectors!, surplus: surplus!, slope: settings.slope as number };
    return new EaseSpectrum(spectrum, ofItems as unknown as Items);
  }

  /**
   * Time and memory are those of {@link truncatedSvd}.
   *
   * @throws RangeError when memory does not suffice.
   */
  static learn({ rows, itemCount, ridge, factor }: EaseProblem, { rank, ...options }: SpectrumOptions): EaseSpectrum {
    const inputs = ridge.map((value) => 1 / Math.sqrt(value));
    const weights = rows.weights.map((weight, at) => weight * inputs[rows.items[at]!]!);
    const z = { ...rows, weights };
    const { values, right: vectors } = truncatedSvd(z, itemCount, { ...options, rank });
    const slope = 1 / (1 + (values.at(-1) ?? 0) ** 2);
    const surplus = Float32Array.from(values, (value) => value ** 2 / (1 + value ** 2) - value ** 2 * slope);
    const spectrum = { graph: new ItemGraph(z, itemCount), vectors, surplus, slope };
    const own = factor.map((_, item) => passed(spectrum, item, item));
    const outputs = own.map((value, item) => {
      const unsaid = Math.max(1 - value, 1 / (1 + spectrum.graph.at(item, item)));
      return factor[item]! / (inputs[item]! * unsaid);
    });
    return new EaseSpectrum(spectrum, { inputs, outputs, own }, options);
  }
}

interface SpectrumOptions extends EaseOptions {
  readonly rank: number;
  readonly seed: number;
}

/** g(ZᵀZ) between two items, O(rank + takers). */
function passed({ graph, vectors, surplus, slope }: Spectrum, a: number, b: number): number {
  const rank = surplus.length;
  let sum = slope * graph.at(a, b);
  for (let k = 0; k < rank; k++) sum += surplus[k]! * vectors[a * rank + k]! * vectors[b * rank + k]!;
  return sum;
}
