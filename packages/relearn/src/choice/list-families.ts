import {
  type RankingData,
  type RankingModel,
  type ThreadPool,
  trainBlurringSharpening,
  trainEase,
  trainGraphFilter,
  trainIals,
  trainItemKnn,
  trainLowPassFilter,
  trainPopularity,
  trainSparseLinear,
  trainUserKnn,
} from '../models/index.ts';

export type Settings = Readonly<Record<string, number | string>>;

export interface ListContext {
  readonly nowMs: number;
  readonly seed: number;
  readonly pool: ThreadPool;
  readonly signal?: AbortSignal;
}

/** A kind of model, and the settings worth trying where no times are known; none of it knows any data set. */
export interface ListFamily {
  readonly model: string;
  readonly variants: readonly Settings[];
  /** Tried on the whole alone, where it is not large, and only beside the best: a part of the users would not make them cheap. */
  readonly dear?: readonly Settings[];
  train(this: void, data: RankingData, settings: Settings, context: ListContext): RankingModel;
  /** Left out where nothing speaks against it. */
  suits?(this: void, data: RankingData): boolean;
  /** About what training takes beside the data, and the model. */
  bytes?(this: void, data: RankingData, settings: Settings): number;
  /** How training's work grows, in steps of any length; with the pairs where nothing is said. */
  work?(this: void, data: RankingData, settings: Settings): number;
  /** How an answer's work grows, in steps of any length; it stays the same where nothing is said. */
  askWork?(this: void, data: RankingData): number;
}

/** Users by items as rows, once more as they are prepared, and both ways in a kernel's memory. */
const PAIR_BYTES = 40;

/** Items up to which the square of EASE is cheap: some 300 MB, and a minute at most. */
const EASE_ITEMS_MAX = 8_000;
/** Users up to which EASE is cheap, however many the items: it is kept by users then. */
const EASE_USERS_MAX = 2_000;

/** Scores over popularity to this power. What is held out at random would choose more: the popular are asked for more than that tells. */
const POPULARITY_POWER = 0.1;

const EASE = { normPower: [0.5], regularisationPower: [0.5], popularityPower: [POPULARITY_POWER] };

const IALS = { unobservedWeight: [0.007, 0.03, 0.2], regularisation: [0.003, 0.01], epochCount: [6] };

/** From simple to complex. */
export const listFamilies: readonly ListFamily[] = [
  { model: 'popularity', variants: [{}], train: trainPopularity },
  {
    model: 'item-knn',
    variants: [
      { neighbourCount: 100, shrink: 10 },
      { neighbourCount: 100, weighting: 'bm25' },
      { neighbourCount: 100, shrink: 10, weighting: 'tf-idf' },
    ],
    train: trainItemKnn,
    bytes: ({ items }) => PAIR_BYTES * items.length,
    work: (data) => likenessWork(data, 100),
  },
  {
    model: 'graph-filter',
    variants: grid({ userShare: [0.5, 0.6], power: [1, 0.7] }),
    train: trainGraphFilter,
    bytes: ({ items, itemCount }) => PAIR_BYTES * items.length + 16_000 * itemCount,
    work: (data) => likenessWork(data, 1_000),
  },
  {
    model: 'low-pass-filter',
    variants: grid({ rank: [64, 128, 256, 512], outputPower: [0.4] }),
    dear: grid({ rank: [1_024], outputPower: [0.4] }),
    train: trainLowPassFilter,
    bytes: svdBytes,
    work: svdWork,
  },
  {
    model: 'blurring-sharpening',
    variants: grid({ rank: [128, 256], sharpness: [1, 2.5] }),
    dear: grid({ rank: [512], sharpness: [1, 2.5] }),
    train: trainBlurringSharpening,
    bytes: (data, settings) => svdBytes(data, settings) + 12 * data.itemCount * Number(settings.rank),
    work: svdWork,
    askWork: takersOfTaken,
  },
  {
    model: 'ease-spectrum',
    variants: grid({ ...EASE, rank: [128], regularisation: [10, 30, 100, 300] }),
    train: (data, settings, context) => trainEase(data, { ...settings, space: 'spectrum' }, context),
    bytes: svdBytes,
    work: svdWork,
    askWork: takersOfTaken,
  },
  {
    model: 'user-knn',
    variants: grid({ neighbourCount: [300], power: [1, 2, 4], popularityPower: [POPULARITY_POWER] }),
    train: trainUserKnn,
    bytes: ({ items }) => PAIR_BYTES * items.length,
    askWork: takersOfTaken,
  },
  {
    model: 'ease',
    variants: grid({ ...EASE, regularisation: [30, 100, 300] }),
    train: trainEase,
    suits: ({ userCount, itemCount }) => itemCount <= EASE_ITEMS_MAX || userCount <= EASE_USERS_MAX,
  },
  {
    model: 'sparse-linear',
    variants: grid({
      normPower: [1],
      regularisationPower: [0.5],
      neighbourCount: [300],
      regularisation: [3, 10, 30],
      popularityPower: [POPULARITY_POWER],
    }),
    train: trainSparseLinear,
    bytes: ({ items, itemCount }) => PAIR_BYTES * items.length + 300 * 2 ** 20 + 5_000 * itemCount,
  },
  {
    model: 'ials',
    variants: grid({ factorCount: [128, 512], ...IALS }),
    dear: grid({ factorCount: [1_024], ...IALS }),
    train: trainIals,
    bytes: ({ items, userCount, itemCount }, { factorCount }) =>
      PAIR_BYTES * items.length + 4 * (userCount + 5 * itemCount) * Number(factorCount),
    work: ({ items, userCount, itemCount }, { factorCount }) =>
      8 * items.length + 2 * (userCount + itemCount) * Number(factorCount),
  },
];

function svdBytes({ items, userCount, itemCount }: RankingData, { rank }: Settings): number {
  return PAIR_BYTES * items.length + 4 * (2 * userCount + 4 * itemCount) * (Number(rank) + 32);
}

function svdWork({ items, userCount, itemCount }: RankingData, { rank }: Settings): number {
  return 4 * items.length + (2 * userCount + itemCount) * (Number(rank) + 32);
}

/** Each pair of items that a user took is summed, and the most like are kept: about 15 sums each. */
function likenessWork({ users, userCount, itemCount }: RankingData, keptCount: number): number {
  const lengths = new Float64Array(userCount);
  for (const user of users) lengths[user]!++;
  return lengths.reduce((sum, length) => sum + length * length, 0) + 15 * keptCount * itemCount;
}

/** How many took an item that was taken, in the mean: of these an answer goes through all. */
function takersOfTaken({ items, itemCount }: RankingData): number {
  const takers = new Float64Array(itemCount);
  for (const item of items) takers[item]!++;
  return takers.reduce((sum, count) => sum + count * count, 0) / Math.max(1, items.length);
}

/** Every combination. */
function grid(axes: Readonly<Record<string, readonly number[]>>): Settings[] {
  return Object.entries(axes).reduce<Settings[]>(
    (all, [name, values]) => all.flatMap((settings) => values.map((value) => ({ ...settings, [name]: value }))),
    [{}],
  );
}
