import { rankingSuite } from '../testing/ranking-suite.ts';
import { Blend } from './blend.ts';
import { BlurringSharpening, trainBlurringSharpening } from './blurring-sharpening.ts';
import { type Packed, pack, unpack } from './codec.ts';
import { Content, trainContent } from './content.ts';
import { Ease, trainEase } from './ease.ts';
import { trainGraphFilter } from './graph-filter.ts';
import { Ials, trainIals } from './ials.ts';
import { ItemKnn, trainItemKnn } from './item-knn.ts';
import { LowPassFilter, trainLowPassFilter } from './low-pass-filter.ts';
import { NextItem, trainNextItem } from './next-item.ts';
import { OwnFrequency, trainOwnFrequency } from './own-frequency.ts';
import { Popularity, trainPopularity } from './popularity.ts';
import type { RankingModel } from './ranking.ts';
import { SessionKnn, trainSessionKnn } from './session-knn.ts';
import { SparseLinear, trainSparseLinear } from './sparse-linear.ts';
import { TifuKnn, trainTifuKnn } from './tifu-knn.ts';
import { Transitions, trainTransitions } from './transitions.ts';
import { trainUserKnn, UserKnn } from './user-knn.ts';

function codecOf(format: string, Kind: { unpack(packed: Packed): RankingModel }) {
  return {
    encode: (model: RankingModel) => pack(format, (model as RankingModel & { pack(): Packed }).pack()),
    decode: (bytes: Uint8Array) => Kind.unpack(unpack(format, bytes)),
  };
}

rankingSuite('popularity', {
  train: (data, context) => trainPopularity(data, { halfLifeDays: 14, trendPower: 0.3 }, context),
  codec: codecOf('popularity/1', Popularity),
  isPersonal: false,
});

rankingSuite('own frequency', {
  train: (data, context) => trainOwnFrequency(data, {}, context),
  codec: codecOf('own-frequency/1', OwnFrequency),
});

rankingSuite('own frequency of what is due', {
  train: (data, context) => trainOwnFrequency(data, { dueShare: 0.5 }, context),
  codec: codecOf('own-frequency/1', OwnFrequency),
});

rankingSuite('item neighbours', {
  train: (data, context) => trainItemKnn(data, { halfLifeDays: 90, normPower: 0.5 }, context),
  codec: codecOf('item-knn/1', ItemKnn),
});

rankingSuite('item neighbours, unshrunken', {
  train: (data, context) => trainItemKnn(data, { shrink: 0, neighbourCount: 3 }, context),
  codec: codecOf('item-knn/1', ItemKnn),
});

for (const weighting of ['tf-idf', 'bm25'] as const) {
  rankingSuite(`item neighbours by ${weighting}`, {
    train: (data, context) => trainItemKnn(data, { halfLifeDays: 90, weighting }, context),
    codec: codecOf('item-knn/1', ItemKnn),
  });
}

rankingSuite('graph filter', {
  train: (data, context) => trainGraphFilter(data, { userShare: 0.6, power: 0.7 }, context),
  codec: codecOf('graph-filter/1', ItemKnn),
});

rankingSuite('low-pass filter', {
  train: (data, context) => trainLowPassFilter(data, { rank: 8, halfLifeDays: 90 }, context),
  codec: codecOf('low-pass-filter/1', LowPassFilter),
});

rankingSuite('blurring and sharpening', {
  train: (data, context) => trainBlurringSharpening(data, { rank: 8, halfLifeDays: 90 }, context),
  codec: codecOf('blurring-sharpening/1', BlurringSharpening),
});

rankingSuite('EASE', {
  train: (data, context) => trainEase(data, { halfLifeDays: 60, normPower: 0.5, trendPower: 0.75 }, context),
  codec: codecOf('ease/1', Ease),
});

rankingSuite('EASE, weighed by popularity', {
  train: (data, context) =>
    trainEase(data, { normPower: 1, regularisation: 3, regularisationPower: 0.5, popularityPower: 0.1 }, context),
  codec: codecOf('ease/1', Ease),
});

rankingSuite('EASE of the most taken', {
  train: (data, context) => trainEase(data, { normPower: 0.5, itemsMax: 72 }, context),
  codec: codecOf('ease/1', Ease),
});

rankingSuite('EASE by its spectrum', {
  train: (data, context) =>
    trainEase(data, { halfLifeDays: 60, normPower: 0.5, trendPower: 0.75, space: 'spectrum', rank: 16 }, context),
  codec: codecOf('ease/1', Ease),
});

rankingSuite('EASE by users', {
  train: (data, context) =>
    trainEase(data, { halfLifeDays: 60, normPower: 0.5, trendPower: 0.75, space: 'users' }, context),
  codec: codecOf('ease/1', Ease),
});

rankingSuite('sparse linear', {
  train: (data, context) =>
    trainSparseLinear(data, { halfLifeDays: 60, normPower: 0.5, neighbourCount: 20, trendPower: 0.5 }, context),
  codec: codecOf('sparse-linear/1', SparseLinear),
});

rankingSuite('alternating least squares', {
  train: (data, context) => trainIals(data, { factorCount: 16, epochCount: 5, halfLifeDays: 90 }, context),
  codec: codecOf('ials/1', Ials),
});

rankingSuite('neighbour sessions', {
  train: (data) =>
    trainSessionKnn(data, { neighbourCount: 60, queryDecay: 0.1, nearnessPower: 2, ownBoost: 2, ageDecay: 0.5 }),
  codec: codecOf('session-knn/1', SessionKnn),
});

rankingSuite('transitions', {
  train: (data) => trainTransitions(data, { queryDecay: 0.1, ageDecay: 0.5 }),
  codec: codecOf('transitions/1', Transitions),
});

rankingSuite('where sessions point', {
  train: (data, { seed }) => trainNextItem(data, { factorCount: 24, epochCount: 6, ageDecay: 0 }, { seed }),
  codec: codecOf('next-item/1', NextItem),
});

rankingSuite('content', {
  train: ({ itemCount }) =>
    trainContent(
      Array.from({ length: itemCount }, (_, item) => ({
        text: `Thing ${item}`,
        attributes: [`group ${Math.floor(item / 10)}`],
      })),
      { wordsMax: 2, partLengths: [3], halfLifeDays: 90 },
    ),
  codec: codecOf('content/1', Content),
  readsInteractions: false,
});

rankingSuite('habits of the nearest users', {
  train: (data) => trainTifuKnn(data, { neighbourCount: 20 }),
  codec: codecOf('tifu-knn/1', TifuKnn),
});

rankingSuite('nearest users', {
  train: (data, context) => trainUserKnn(data, { neighbourCount: 20, halfLifeDays: 90, trendPower: 0.4 }, context),
  codec: codecOf('user-knn/1', UserKnn),
});

rankingSuite('nearest users by powered cosines', {
  train: (data, context) => trainUserKnn(data, { neighbourCount: 20, power: 2, popularityPower: 0.2 }, context),
  codec: codecOf('user-knn/1', UserKnn),
});

rankingSuite('a blend, which is kept as its parts', {
  train: (data, context) =>
    new Blend([
      { model: trainEase(data, { normPower: 1 }, context), weight: 1 },
      { model: trainOwnFrequency(data, {}, context), weight: 0.5 },
    ]),
});
