import { AlternatingLeastSquares, type TurnedFactors } from '../kernels/ials.ts';
import { RowFolder } from '../kernels/row-folder.ts';
import type { ThreadPool } from '../kernels/thread-pool.ts';
import { checkRankingData } from './check-ranking-data.ts';
import type { Packed } from './codec.ts';
import type { History, RankingData, RankingModel } from './ranking.ts';
import { historyRow, type RowSettings, userItemRows } from './user-item-rows.ts';

export interface IalsSettings extends RowSettings {
  /** Length of the vector of each user and item, filled up to a multiple of 16; 64 unless said. */
  readonly factorCount?: number;
  /** What a pair that nobody took weighs beside one of weight 1; 0.1 unless said. */
  readonly unobservedWeight?: number;
  /** Pulls vectors to 0: larger trusts the data less. */
  readonly regularisation?: number;
  /** Regularisation grows with how much a user or an item was seen, to this power: 0 is one for all. */
  readonly regularisationPower?: number;
  readonly epochCount?: number;
  /** Steps towards the solution for each vector and epoch; 2 unless said. */
  readonly stepCount?: number;
}

export interface IalsContext {
  readonly nowMs: number;
  readonly seed: number;
  readonly pool?: ThreadPool | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called after each epoch, from 1; the training ends early where it returns true. `model` makes the model as it is then. */
  readonly afterEpoch?: (epoch: number, model: () => Ials) => boolean;
}

type FoldInSettings = Required<Pick<IalsSettings, 'unobservedWeight' | 'regularisation' | 'regularisationPower'>> &
  RowSettings;

/** So many steps from nothing are as good as exact, with this preconditioner. */
const FOLD_IN_STEPS = 8;

/** Scores items by the product of their vectors with the user's, which is solved for at every answer from what the user took. */
export class Ials implements RankingModel {
  readonly itemCount: number;
  readonly #items: TurnedFactors;
  readonly #settings: FoldInSettings;
  readonly #folder: RowFolder;

  /** @param pool shares the work of {@link scoreMany}. */
  constructor(items: TurnedFactors, settings: FoldInSettings, pool?: ThreadPool) {
    const factorCount = items.moments.length;
    this.itemCount = factorCount === 0 ? 0 : items.factors.length / factorCount;
    this.#items = items;
    this.#settings = settings;
    this.#folder = new RowFolder(items, {
      stepCount: FOLD_IN_STEPS,
      unobservedWeight: settings.unobservedWeight,
      pool,
    });
  }

  score(history: History, nowMs: number, scores: Float32Array): void {
    this.scoreMany([history], nowMs, scores);
  }

  scoreMany(histories: readonly History[], nowMs: number, scores: Float32Array): void {
    const { itemCount } = this;
    const rows = histories.map((history) => {
      const row = historyRow(history, this.#settings, { nowMs, itemCount });
      const { rows: items, weights } = row;
      const ridge = ridgeOf(
        this.#settings,
        weights.reduce((sum, weight) => sum + weight, 0),
        itemCount,
      );
      return { items: items.slice(), weights: weights.slice(), ridge };
    });
    this.#folder.score(rows, scores);
  }

  pack(): Packed {
    return { settings: { ...this.#settings }, columns: { ...this.#items } };
  }

  static unpack({ settings, columns }: Packed): Ials {
    return new Ials(columns as unknown as TurnedFactors, settings as unknown as FoldInSettings);
  }
}

/**
 * Vectors of users and items whose products foretell what is taken, by {@link AlternatingLeastSquares}; regularisation is scaled by frequency. Time and memory
 * are its own, and 8 · itemCount · factorCount bytes for the model.
 *
 * Source: Hu, Koren & Volinsky 2008; Rendle et al. 2022 (revisiting the performance of iALS).
 *
 * @throws RangeError naming the bytes when one memory cannot hold it.
 */
export function trainIals(
  data: RankingData,
  {
    factorCount = 64,
    unobservedWeight = 0.1,
    regularisation = 0.003,
    regularisationPower = 1,
    epochCount = 10,
    stepCount = 2,
    ...row
  }: IalsSettings,
  { nowMs, afterEpoch, ...context }: IalsContext,
): Ials {
  checkRankingData(data);
  const settings = { ...row, unobservedWeight, regularisation, regularisationPower };
  const training = new AlternatingLeastSquares(userItemRows(data, row, nowMs), data.itemCount, {
    ...context,
    factorCount: Math.ceil(factorCount / 16) * 16,
    unobservedWeight,
    stepCount,
    ridge: (weight, amongCount) => ridgeOf(settings, weight, amongCount),
  });
  const model = () => new Ials(training.columns(), settings, context.pool);
  for (let epoch = 1; epoch <= epochCount; epoch++) {
    training.epoch();
    if (afterEpoch?.(epoch, model)) break;
  }
  return model();
}

/** Of a vector whose observed weights sum up to `weight`, beside so many pairs that are not observed. */
function ridgeOf(
  { unobservedWeight, regularisation, regularisationPower }: FoldInSettings,
  weight: number,
  pairCount: number,
): number {
  return regularisation * (weight + unobservedWeight * pairCount) ** regularisationPower;
}
