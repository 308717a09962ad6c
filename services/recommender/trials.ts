import type { Trial } from 'relearn';
import { Ease, type RankingModel, type SecondStageSettings } from 'relearn/models';
import { Boosted, trainBoosted } from './boosted.ts';
import type { Dataset } from './dataset.ts';
import { EaseOwn } from './ease-own.ts';
import type { Features, Ranked } from './features.ts';
import { LearnedBlend, trainLearnedBlend } from './learned-blend.ts';
import { newestTime } from './newest-time.ts';
import { Ranker } from './ranker.ts';
import { type CommonParts, decodeRanker, encodeRanker, type ForYouCodec } from './ranker-bytes.ts';
import type { Given, RankerSettings } from './ranker-settings.ts';
import { commonOf, easeOf } from './trained-parts.ts';

type RecommenderTrial = Trial<Dataset, Features, Ranked, Ranker>;

const common = {
  popularity: { halfLifeDays: 14, trendPower: 0.3 },
  own: { halfLifeDays: 365, trendPower: 0.25, popularityPower: 0.25, popularityDays: 30 },
  neighbours: { halfLifeDays: 90, neighbourCount: 60, shrink: 2 },
};
const kept = { takersMin: 10, itemsMax: 10_000 };
const ease = { halfLifeDays: 60, normPower: 0.5, regularisation: 20, trendPower: 0.75, ...kept };
const blend = {
  ease,
  lasting: { normPower: 0.5, regularisation: 100, ...kept },
  users: { neighbourCount: 100, halfLifeDays: 20, trendPower: 0.4 },
  habits: { neighbourCount: 300, ownShare: 0.7, groupVisits: 3 },
  content: { wordLettersMin: 3, halfLifeDays: 60 },
  past: { count: 6, step: 0.5, last: 0.5, fifth: 1 },
};
const trees = {
  treeCount: 200,
  leafCount: 15,
  learningRate: 0.06,
  leafRowsMin: 50,
  l2: 5,
  columnShare: 0.4,
  rowShare: 0.5,
  binCount: 127,
};
const second: SecondStageSettings = {
  candidateCount: 150,
  seenCount: 100,
  negativesPerWanted: 3,
  boosters: [
    { loss: 'binary', ...trees },
    { loss: 'lambdamart', truncation: 20, ...trees },
  ],
};

interface ForYou extends ForYouCodec {
  train(given: Given, common: CommonParts): RankingModel;
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
      train: (given) => easeOf(given, given.settings.ease!),
      pack: (model) => ({ ease: (model as Ease).pack() }),
      unpack: (packed) => Ease.unpack(packed.ease!),
    },
  ),
  trial(
    'ease-own',
    { ...common, ease, ownWeight: 2 },
    {
      train: (given, { own }) => new EaseOwn(easeOf(given, given.settings.ease!), own, given.settings.ownWeight!),
      pack: (model) => (model as EaseOwn).pack(),
      unpack: (packed, { own }) => EaseOwn.unpack(packed, own),
    },
  ),
  trial('blend', { ...common, blend }, { train: trainLearnedBlend, pack: packedLayers, unpack: LearnedBlend.unpack }),
  trial(
    'boosted',
    { ...common, blend, second },
    {
      train: trainBoosted,
      pack: packedLayers,
      unpack: (packed, parts) => ('second-stage' in packed ? Boosted : LearnedBlend).unpack(packed, parts),
    },
  ),
];

function packedLayers(model: RankingModel) {
  return (model as LearnedBlend | Boosted).pack();
}

function trial(name: string, settings: RankerSettings, forYou: ForYou): RecommenderTrial {
  const format = `recommender-${name}/4`;
  return {
    name,
    format,
    settings: { ...settings },
    withSettings: (others) => trial(name, others as unknown as RankerSettings, forYou),
    memoryBytes: (data) => mapsBytes(settings, data),
    train(data, context) {
      const given = { data, settings, context: { ...context, nowMs: newestTime(data.atMs, context.nowMs) } };
      const parts = commonOf(given);
      context.progress(0.1);
      return new Ranker({ ...parts, forYou: forYou.train(given, parts) });
    },
    encode: (ranker) => encodeRanker(format, ranker, forYou),
    decode: (bytes) => decodeRanker(format, bytes, forYou),
  };
}

/** What EASE's maps take, pairs of items all: 2 bytes a pair, and 8 more while one is trained. */
function mapsBytes({ ease, blend, second }: RankerSettings, { itemCount }: Dataset): number {
  if (!ease && !blend) return 0;
  const times = second ? (blend?.past.count ?? 0) + 1 : 2;
  return Math.min(itemCount, kept.itemsMax) ** 2 * (8 + 2 * (blend ? 2 * times : 1));
}

/** *For you* by a model that answers another question too. */
function oneOf(part: keyof CommonParts & keyof RankerSettings): ForYou {
  return { train: (_, parts) => parts[part], pack: () => ({}), unpack: (_, parts) => parts[part] };
}
