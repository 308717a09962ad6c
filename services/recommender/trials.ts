import type { TrainingContext, Trial } from 'relearn';
import {
  Blend,
  Ease,
  type EaseSettings,
  ItemKnn,
  ModelBytesInvalid,
  OwnFrequency,
  type Packed,
  Popularity,
  pack,
  type RankingModel,
  ThreadPool,
  trainEase,
  trainItemKnn,
  trainOwnFrequency,
  trainPopularity,
  unpack,
} from 'relearn/models';
import type { Dataset } from './dataset.ts';
import type { Features, Ranked } from './features.ts';
import { Ranker, type RankerParts } from './ranker.ts';

const popularitySettings = { halfLifeDays: 14, trendPower: 0.3 };
const ownSettings = { halfLifeDays: 365, trendPower: 0.25 };
const knnSettings = { halfLifeDays: 90, neighbourCount: 60, shrink: 2 };
const easeSettings: EaseSettings = { halfLifeDays: 60, normPower: 0.5, regularisation: 20, trendPower: 0.75 };

/** Weight of one's own habit beside EASE. */
const ownWeight = 0.5;

type Common = Omit<RankerParts, 'forYou'>;

/** What several trials of one window share is trained once. */
function sharedBy<T>(
  train: (data: Dataset, context: TrainingContext) => T,
): (data: Dataset, context: TrainingContext) => T {
  const known = new WeakMap<Dataset, T>();
  return (data, context) => {
    const trained = known.get(data) ?? train(data, context);
    known.set(data, trained);
    return trained;
  };
}

const commonOf = sharedBy(
  (data, context): Common => ({
    itemIds: data.itemIds,
    popularity: trainPopularity(data, popularitySettings, context),
    own: trainOwnFrequency(data, ownSettings, context),
    neighbours: trainItemKnn(data, knnSettings, context),
  }),
);

const easeOf = sharedBy(trainThreadedEase);

/** Items from which more threads are worth their memory. */
const THREADED_ITEMS_MIN = 1_000;

/** Threads of this process beside the one that trains; they wait, and keep nothing alive. */
let threads: ThreadPool | undefined;

function trainThreadedEase(data: Dataset, context: TrainingContext): Ease {
  if (data.itemCount < THREADED_ITEMS_MIN) return trainEase(data, easeSettings, context);
  threads ??= new ThreadPool();
  return trainEase(data, easeSettings, { ...context, pool: threads });
}

/** From simple to complex: the first that is not worse than the best takes over. */
export const trials: readonly Trial<Dataset, Features, Ranked, Ranker>[] = [
  trial('popularity', popularitySettings, {
    train: (_, { popularity }) => popularity,
    pack: () => ({}),
    unpack: (_, { popularity }) => popularity,
  }),
  trial('own-frequency', ownSettings, {
    train: (_, { own }) => own,
    pack: () => ({}),
    unpack: (_, { own }) => own,
  }),
  trial('item-knn', knnSettings, {
    train: (_, { neighbours }) => neighbours,
    pack: () => ({}),
    unpack: (_, { neighbours }) => neighbours,
  }),
  trial(
    'ease',
    { ...easeSettings },
    {
      train: (data, _, context) => easeOf(data, context),
      pack: (model) => ({ ease: (model as Ease).pack() }),
      unpack: ({ ease }) => Ease.unpack(ease!),
    },
  ),
  trial(
    'ease-own',
    { ...easeSettings, ownWeight },
    {
      train: (data, { own }, context) => new EaseOwn(easeOf(data, context), own),
      pack: (model) => ({ ease: (model as EaseOwn).ease.pack() }),
      unpack: ({ ease }, { own }) => new EaseOwn(Ease.unpack(ease!), own),
    },
  ),
];

/** EASE beside one's own habit. */
class EaseOwn extends Blend {
  readonly ease: Ease;

  constructor(ease: Ease, own: OwnFrequency) {
    super([
      { model: ease, weight: 1 },
      { model: own, weight: ownWeight },
    ]);
    this.ease = ease;
  }

  similarity(item: number, other: number): number {
    return this.ease.similarity(item, other);
  }
}

interface ForYou {
  train(data: Dataset, common: Common, context: TrainingContext): RankingModel;
  pack(model: RankingModel): Readonly<Record<string, Packed>>;
  unpack(packed: Readonly<Record<string, Packed>>, common: Common): RankingModel;
}

function trial(
  name: string,
  settings: Readonly<Record<string, unknown>>,
  forYou: ForYou,
): Trial<Dataset, Features, Ranked, Ranker> {
  const format = `recommender-${name}/1`;
  return {
    name,
    format,
    settings,
    train(data, context) {
      const common = commonOf(data, context);
      context.progress(0.5);
      return new Ranker({ ...common, forYou: forYou.train(data, common, context) });
    },
    encode: ({ parts }) => encode(format, parts, forYou.pack(parts.forYou)),
    decode: (bytes) => decode(format, bytes, forYou),
  };
}

function encode(
  format: string,
  { itemIds, popularity, own, neighbours }: RankerParts,
  forYou: Readonly<Record<string, Packed>>,
): Uint8Array {
  const packed = { popularity: popularity.pack(), own: own.pack(), neighbours: neighbours.pack(), ...forYou };
  const columns = Object.entries(packed).flatMap(([part, { columns }]) =>
    Object.entries(columns).map(([name, column]) => [`${part}.${name}`, column] as const),
  );
  return pack(format, {
    settings: Object.fromEntries(Object.entries(packed).map(([part, { settings }]) => [part, settings])),
    columns: { itemIds, ...Object.fromEntries(columns) },
  });
}

function decode(format: string, bytes: Uint8Array, forYou: ForYou): Ranker {
  const { settings, columns } = unpack(format, bytes);
  const packed = Object.fromEntries(
    Object.entries(settings).map(([part, partSettings]) => [
      part,
      { settings: partSettings as Packed['settings'], columns: columnsOf(part, columns) },
    ]),
  );
  const { popularity, own, neighbours } = packed;
  if (!popularity || !own || !neighbours) throw new ModelBytesInvalid(`These bytes lack a part of ${format}.`);
  const common = {
    itemIds: columns.itemIds as Int32Array,
    popularity: Popularity.unpack(popularity),
    own: OwnFrequency.unpack(own),
    neighbours: ItemKnn.unpack(neighbours),
  };
  return new Ranker({ ...common, forYou: forYou.unpack(packed, common) });
}

function columnsOf(part: string, columns: Packed['columns']): Packed['columns'] {
  const prefix = `${part}.`;
  return Object.fromEntries(
    Object.entries(columns).flatMap(([name, column]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), column]] : [],
    ),
  );
}
