import type { TrainingContext, Trial } from 'relearn';
import {
  Ease,
  type EaseSettings,
  type ItemKnnSettings,
  type OwnFrequencySettings,
  type PopularitySettings,
  type RankingModel,
  ThreadPool,
  trainEase,
  trainItemKnn,
  trainOwnFrequency,
  trainPopularity,
} from 'relearn/models';
import type { Dataset } from './dataset.ts';
import { EaseOwn } from './ease-own.ts';
import type { Features, Ranked } from './features.ts';
import { newestTime } from './newest-time.ts';
import { Ranker } from './ranker.ts';
import { type CommonParts, decodeRanker, encodeRanker, type ForYouCodec } from './ranker-bytes.ts';

type RecommenderTrial = Trial<Dataset, Features, Ranked, Ranker>;

/** Settings of every model of a version, those of all questions first. */
interface RankerSettings {
  readonly popularity: PopularitySettings;
  readonly own: OwnFrequencySettings;
  readonly neighbours: ItemKnnSettings;
  readonly ease?: EaseSettings;
  /** Weight of one's own habit beside EASE. */
  readonly ownWeight?: number;
}

const common = {
  popularity: { halfLifeDays: 14, trendPower: 0.3 },
  own: { halfLifeDays: 365, trendPower: 0.1, popularityPower: 0.3, popularityDays: 60 },
  neighbours: { halfLifeDays: 90, neighbourCount: 60, shrink: 2 },
};
const ease = {
  halfLifeDays: 90,
  normPower: 0.7,
  regularisation: 30,
  trendPower: 0.75,
  takersMin: 10,
  itemsMax: 10_000,
};

interface ForYou extends ForYouCodec {
  train(given: Given, common: CommonParts): RankingModel;
}

interface Given {
  readonly data: Dataset;
  readonly settings: RankerSettings;
  readonly context: TrainingContext;
}

/** From simple to complex: the first that is not worse than the best takes over. */
export const trials: readonly RecommenderTrial[] = [
  trial('popularity', common, oneOf('popularity')),
  trial('own-frequency', common, oneOf('own')),
  trial('item-knn', common, oneOf('neighbours')),
  trial(
    'ease',
    { ...common, ease },
    {
      train: easeOf,
      pack: (model) => ({ ease: (model as Ease).pack() }),
      unpack: (packed) => Ease.unpack(packed.ease!),
    },
  ),
  trial(
    'ease-own',
    { ...common, ease, ownWeight: 2 },
    {
      train: (given, { own }) => new EaseOwn(easeOf(given), own, given.settings.ownWeight!),
      pack: (model) => (model as EaseOwn).pack(),
      unpack: (packed, { own }) => EaseOwn.unpack(packed, own),
    },
  ),
];

function trial(name: string, settings: RankerSettings, forYou: ForYou): RecommenderTrial {
  const format = `recommender-${name}/2`;
  return {
    name,
    format,
    settings: { ...settings },
    withSettings: (others) => trial(name, others as unknown as RankerSettings, forYou),
    train(data, context) {
      const given = { data, settings, context: { ...context, nowMs: newestTime(data.atMs, context.nowMs) } };
      const parts = commonOf(given);
      context.progress(0.5);
      return new Ranker({ ...parts, forYou: forYou.train(given, parts) });
    },
    encode: (ranker) => encodeRanker(format, ranker, forYou),
    decode: (bytes) => decodeRanker(format, bytes, forYou),
  };
}

/** *For you* by a model that answers another question too. */
function oneOf(part: keyof CommonParts & keyof RankerSettings): ForYou {
  return { train: (_, parts) => parts[part], pack: () => ({}), unpack: (_, parts) => parts[part] };
}

function commonOf({ data, settings, context }: Given): CommonParts {
  return {
    itemIds: data.itemIds,
    popularity: trainedOnce(data, settings.popularity, () => trainPopularity(data, settings.popularity, context)),
    own: trainedOnce(data, settings.own, () => trainOwnFrequency(data, settings.own, context)),
    neighbours: trainedOnce(data, settings.neighbours, () => trainItemKnn(data, settings.neighbours, context)),
  };
}

/** Items from which more threads are worth their memory. */
const THREADED_ITEMS_MIN = 1_000;

/** Threads of this process beside the one that trains; they wait, and keep nothing alive. */
let threads: ThreadPool | undefined;

function easeOf({ data, settings, context }: Given): Ease {
  const { ease = {} } = settings;
  return trainedOnce(data, ease, () => {
    if (data.itemCount < THREADED_ITEMS_MIN) return trainEase(data, ease, context);
    threads ??= new ThreadPool();
    return trainEase(data, ease, { ...context, pool: threads });
  });
}

const trained = new WeakMap<Dataset, Map<object, unknown>>();

/** What several trials of one window share, settings and all, is trained once. */
function trainedOnce<T>(data: Dataset, settings: object, train: () => T): T {
  const known = trained.get(data) ?? new Map<object, unknown>();
  trained.set(data, known);
  if (!known.has(settings)) known.set(settings, train());
  return known.get(settings) as T;
}
