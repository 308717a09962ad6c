export { type BestItems, DotProductSearch } from '../kernels/dot-product-search.ts';
export { ThreadPool } from '../kernels/thread-pool.ts';
export { topK } from '../kernels/top-k.ts';
export { Blend, type BlendPart } from './blend.ts';
export { BlendStage, type StagePart } from './blend-stage.ts';
export { type BlendChoice, blendWeights, type ScoredQuestion } from './blend-weights.ts';
export { BlurringSharpening, type BlurringSharpeningSettings, trainBlurringSharpening } from './blurring-sharpening.ts';
export { BoostedTrees } from './boosted-trees/boosted-trees.ts';
export type { BoostedTreesSettings } from './boosted-trees/settings.ts';
export { type BoostedTreesContext, boostedTreesBytes, trainBoostedTrees } from './boosted-trees/train.ts';
export type { TrainingTable } from './boosted-trees/training-table.ts';
export { type CandidateFeatures, joinedFeatures, type RankingQuestion } from './candidate-features.ts';
export { checkRankingData, RankingDataInvalid } from './check-ranking-data.ts';
export { ModelBytesInvalid, type Packed, pack, unpack } from './codec.ts';
export { Content, type ContentSettings, contentTerms, trainContent } from './content.ts';
export type { ItemContent, TermSettings } from './content-terms.ts';
export { Ease, type EaseContext, type EaseSettings, trainEase } from './ease.ts';
export { type GraphFilterSettings, trainGraphFilter } from './graph-filter.ts';
export { Ials, type IalsContext, type IalsSettings, trainIals } from './ials.ts';
export { ItemKnn, type ItemKnnSettings, trainItemKnn } from './item-knn.ts';
export type { ItemWeighting } from './item-weighting.ts';
export { type ListMetrics, type ListMetricsContext, listMetrics } from './list-metrics.ts';
export { LowPassFilter, type LowPassFilterSettings, trainLowPassFilter } from './low-pass-filter.ts';
export { NextItem, type NextItemSettings, trainNextItem } from './next-item.ts';
export { OwnFrequency, type OwnFrequencySettings, trainOwnFrequency } from './own-frequency.ts';
export { Popularity, type PopularitySettings, trainPopularity } from './popularity.ts';
export { PriceFeatures, trainPriceFeatures } from './price-features.ts';
export type { History, RankingData, RankingModel } from './ranking.ts';
export { type RankingScore, rankingScore } from './ranking-metrics.ts';
export { boosted } from './rerank/boosted.ts';
export { determinantalGreedy } from './rerank/determinantal-greedy.ts';
export { maximalMarginalRelevance } from './rerank/maximal-marginal-relevance.ts';
export { type CategoryCap, type Pin, type PlacementRules, placed, RulesContradict } from './rerank/placed.ts';
export type { DiversityQuestion, RankedList } from './rerank/ranked-list.ts';
export { type Exposure, rotated } from './rerank/rotated.ts';
export { scoreHistories } from './score-histories.ts';
export {
  type AnsweredQuestion,
  type FirstStage,
  type LabelWindow,
  NothingToLearn,
  SecondStage,
  type SecondStageSettings,
  trainSecondStage,
} from './second-stage.ts';
export type { SessionFirstStageSettings } from './session-first-stage.ts';
export { SessionKnn, type SessionKnnSettings, trainSessionKnn } from './session-knn.ts';
export { trainSessionSecondStage } from './session-second-stage.ts';
export { SparseLinear, type SparseLinearSettings, trainSparseLinear } from './sparse-linear.ts';
export { addStandardised } from './standardise.ts';
export { TermFeatures, trainTermFeatures } from './term-features.ts';
export { TifuKnn, type TifuKnnSettings, trainTifuKnn } from './tifu-knn.ts';
export { Transitions, type TransitionsSettings, trainTransitions } from './transitions.ts';
export { salesTrend } from './trend.ts';
export { trainUserItemFeatures, UserItemFeatures } from './user-item-features.ts';
export { trainUserKnn, UserKnn, type UserKnnSettings } from './user-knn.ts';
