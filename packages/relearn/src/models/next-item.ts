import { FactorScorer } from '../kernels/factor-scorer.ts';
import { type NextItemOptions, type NextItemVectors, trainNextItemVectors } from '../kernels/next-item-vectors.ts';
import { seededRandom } from '../statistics/seeded-random.ts';
import { addVectors } from './add-vectors.ts';
import { checkRankingData } from './check-ranking-data.ts';
import type { Packed } from './codec.ts';
import { largest } from './largest.ts';
import type { History, RankingData, RankingModel } from './ranking.ts';
import { sessionsOf } from './sessions.ts';

export type NextItemSettings = Omit<NextItemOptions, 'random' | 'signal' | 'module'>;

const defaults: NextItemSettings = {
  factorCount: 96,
  epochCount: 3,
  temperature: 0.12,
  learningRate: 0.05,
  overlookedShare: 0.2,
  ageDecay: 0.3,
  frequencyPower: 0.5,
};

/**
 * Scores items by where a session points: the softmax of cosines with the mean of its items' vectors, weighed by what each item and its age count, as learned. An answer
 * costs itemCount · factorCount multiply-adds.
 */
export class NextItem implements RankingModel {
  readonly itemCount: number;
  readonly #learned: NextItemVectors;
  readonly #temperature: number;
  /** Of length 1; those of items never seen are 0. */
  readonly #units: Float32Array;
  readonly #scorer: FactorScorer;

  constructor(learned: NextItemVectors, temperature: number) {
    this.itemCount = learned.itemLogits.length;
    this.#learned = learned;
    this.#temperature = temperature;
    this.#units = unitRows(learned.vectors, learned.factorCount);
    this.#scorer = new FactorScorer(this.#units, learned.factorCount);
  }

  score({ items }: History, _nowMs: number, scores: Float32Array): void {
    this.#scorer.score(this.#direction(items), scores);
    const most = largest(scores);
    for (let item = 0; item < scores.length; item++) {
      scores[item] = Math.exp((scores[item]! - most) / this.#temperature);
    }
  }

  /** Where a session points, length 1; 0 where no item is known. */
  #direction(items: Int32Array): Float32Array {
    const { factorCount, vectors, itemLogits, ageLogits } = this.#learned;
    const direction = new Float32Array(factorCount);
    const known = items.filter((item) => item >= 0 && item < this.itemCount);
    const logits = Array.from(known, (item, at) => {
      const age = Math.min(known.length - 1 - at, ageLogits.length - 1);
      return itemLogits[item]! + ageLogits[age]!;
    });
    const most = Math.max(...logits);
    const weights = logits.map((logit) => Math.exp(logit - most));
    addVectors(known, weights, vectors, direction);
    return unitRows(direction, factorCount);
  }

  pack(): Packed {
    const { factorCount, vectors, itemLogits, ageLogits } = this.#learned;
    return { settings: { factorCount, temperature: this.#temperature }, columns: { vectors, itemLogits, ageLogits } };
  }

  static unpack({ settings, columns }: Packed): NextItem {
    const learned = { factorCount: settings.factorCount, ...columns } as unknown as NextItemVectors;
    return new NextItem(learned, settings.temperature as number);
  }
}

/** Users of `data` are the sessions, the newest last. */
export function trainNextItem(
  data: RankingData,
  settings: Partial<NextItemSettings>,
  { seed, signal }: { readonly seed: number; readonly signal?: AbortSignal | undefined },
): NextItem {
  checkRankingData(data);
  const all = { ...defaults, ...settings };
  const learned = trainNextItemVectors(sessionsOf(data), data.itemCount, {
    ...all,
    random: seededRandom(seed),
    signal,
  });
  const isSeen = new Uint8Array(data.itemCount);
  for (const item of data.items) isSeen[item] = 1;
  for (let at = 0; at < learned.vectors.length; at++) {
    if (isSeen[Math.floor(at / learned.factorCount)] === 0) learned.vectors[at] = 0;
  }
  return new NextItem(learned, all.temperature);
}

function unitRows(rows: Float32Array, width: number): Float32Array {
  const units = rows.slice();
  for (let from = 0; from < units.length; from += width) {
    let squares = 0;
    for (let k = 0; k < width; k++) squares += units[from + k]! ** 2;
    if (squares === 0) continue;
    for (let k = 0; k < width; k++) units[from + k]! /= Math.sqrt(squares);
  }
  return units;
}
