import {
  type RankingData,
  type RankingModel,
  trainEase,
  trainGraphFilter,
  trainItemKnn,
  trainPopularity,
} from '../models/index.ts';

/** A model with its settings, not trained yet. */
export interface Candidate {
  readonly model: string;
  readonly settings: Readonly<Record<string, number>>;
  train(data: RankingData): RankingModel;
}

/** Items up to which the square of EASE is cheap: some 150 MB, and half a minute at most. */
const EASE_ITEMS_MAX = 6_000;
const context = { nowMs: 0 };

/** Models and settings worth trying where no times are known, from simple to complex; none of it knows any data set. */
export function candidates({ itemCount }: RankingData): Candidate[] {
  const knn = [{ neighbourCount: 100, shrink: 10 }];
  const filters = [0.5, 0.6].flatMap((userShare) => [1, 0.7].map((power) => ({ userShare, power })));
  const eases =
    itemCount > EASE_ITEMS_MAX
      ? []
      : [
          { regularisation: 300, normPower: 0 },
          { regularisation: 1_000, normPower: 0 },
          { regularisation: 3_000, normPower: 0 },
          { regularisation: 100, normPower: 0.5 },
          { regularisation: 300, normPower: 0.5 },
          { regularisation: 10, normPower: 1 },
          { regularisation: 30, normPower: 1 },
        ];
  return [
    { model: 'popularity', settings: {}, train: (data) => trainPopularity(data, {}, context) },
    ...knn.map((settings) => candidate('item-knn', settings, (data) => trainItemKnn(data, settings, context))),
    ...filters.map((settings) =>
      candidate('graph-filter', settings, (data) => trainGraphFilter(data, settings, context)),
    ),
    ...eases.map((settings) => candidate('ease', settings, (data) => trainEase(data, settings, context))),
  ];
}

function candidate(
  model: string,
  settings: Readonly<Record<string, number>>,
  train: (data: RankingData) => RankingModel,
): Candidate {
  return { model, settings, train };
}
