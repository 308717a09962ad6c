import { FactorScorer } from '../kernels/factor-scorer.ts';
import type { ThreadPool } from '../kernels/thread-pool.ts';
import { addVectors } from './add-vectors.ts';
import type { Packed } from './codec.ts';
import { type GraphContext, graphSpectrum } from './graph-spectrum.ts';
import type { History, RankingData, RankingModel } from './ranking.ts';
import { historyRow, type RowSettings } from './user-item-rows.ts';

export interface LowPassFilterSettings extends RowSettings {
  /** Frequencies that pass: singular vectors kept. */
  readonly rank?: number;
  /** What a user took counts less by the item's popularity to this power. */
  readonly inputPower?: number;
  /** Scores count more by the item's popularity to this power. */
  readonly outputPower?: number;
}

interface Filter {
  /** Right singular vectors, f32 row-major, shape (itemCount, rank). */
  readonly vectors: Float32Array;
  readonly rank: number;
  /** Users who took each item, by weight; f32, shape (itemCount). */
  readonly popularity: Float32Array;
  readonly settings: LowPassFilterSettings;
}

/**
 * An ideal low-pass filter on the graph of items that the same users took: what a user took, without all that does not lie in the space of the graph's
 * smoothest signals.
 */
export class LowPassFilter implements RankingModel {
  readonly itemCount: number;
  readonly #filter: Filter;
  readonly #scorer: FactorScorer;
  readonly #input: Float32Array;
  readonly #output: Float32Array;

  /** @param pool shares the work of {@link scoreMany}. */
  constructor(filter: Filter, pool?: ThreadPool) {
    const { vectors, rank, popularity, settings } = filter;
    const { inputPower = 0.5, outputPower = 0.5 } = settings;
    this.itemCount = popularity.length;
    this.#filter = filter;
    this.#scorer = new FactorScorer(vectors, rank, { pool });
    this.#input = popularity.map((taken) => (taken > 0 ? taken ** -inputPower : 0));
    this.#output = popularity.map((taken) => taken ** outputPower);
  }

  score(history: History, nowMs: number, scores: Float32Array): void {
    this.scoreMany([history], nowMs, scores);
  }

  scoreMany(histories: readonly History[], nowMs: number, scores: Float32Array): void {
    const { vectors, rank, settings } = this.#filter;
    const { itemCount } = this;
    const signals = new Float32Array(histories.length * rank);
    for (const [at, history] of histories.entries()) {
      const { rows, weights } = historyRow(history, settings, { nowMs, itemCount });
      const inputs = Float64Array.from(weights, (weight, place) => weight * this.#input[rows[place]!]!);
      addVectors(rows, inputs, vectors, signals.subarray(at * rank, (at + 1) * rank));
    }
    this.#scorer.score(signals, scores);
    for (let from = 0; from < scores.length; from += itemCount) {
      for (let item = 0; item < itemCount; item++) scores[from + item]! *= this.#output[item]!;
    }
  }

  pack(): Packed {
    const { vectors, rank, popularity, settings } = this.#filter;
    return { settings: { rank, settings }, columns: { vectors, popularity } };
  }

  static unpack({ settings, columns }: Packed): LowPassFilter {
    const kept = settings as Pick<Filter, 'rank' | 'settings'>;
    return new LowPassFilter({ ...kept, ...(columns as Pick<Filter, 'vectors' | 'popularity'>) });
  }
}

/**
 * Time and memory are those of {@link graphSpectrum}; a model takes 8 · itemCount · rank bytes.
 *
 * Source: Shen et al. 2021 (GF-CF).
 */
export function trainLowPassFilter(
  data: RankingData,
  settings: LowPassFilterSettings,
  context: GraphContext,
): LowPassFilter {
  const { rank, right: vectors, popularity } = graphSpectrum(data, { rank: 256, ...settings }, context);
  return new LowPassFilter({ vectors, rank, popularity, settings }, context.pool);
}
