import { aiService, t } from 'relearn';
import { unitOf } from './check-interaction.ts';
import { recommenderContract, recommenderOperations } from './contract.ts';
import { loadDataset } from './dataset.ts';
import { evaluation } from './evaluation.ts';
import { type Features, featuresSchema, type Ranked, rankedSchema, surfaces } from './features.ts';
import { golden } from './golden.ts';
import { migrations } from './migrations.ts';
import { learnPurchasesJob, onOrderPlaced } from './on-order-placed.ts';
import { onProductChanged } from './on-product-changed.ts';
import { forgetJob, onUserDeleted } from './on-user-deleted.ts';
import { Recommender } from './recommender.ts';
import { handlers } from './service.ts';
import { trials } from './trials.ts';

const DAY_MS = 86_400_000;

const input = t.Object({
  surface: t.Enum([...surfaces]),
  userId: t.Optional(t.String()),
  visitorId: t.Optional(t.String()),
  about: t.Optional(t.Array(t.String(), { maxItems: 500 })),
  k: t.Optional(t.Integer({ minimum: 1, maximum: 200, default: 20 })),
});

/** Recommendations: what people do comes in, what they may want next goes out. */
export default aiService({
  module: import.meta.url,
  name: 'recommender',
  title: recommenderContract.title,
  description: recommenderContract.description,
  access: 'service',
  input,
  output: rankedSchema,
  unit: unitOf,
  features: {
    revision: 1,
    schema: featuresSchema,
    compute: ({ surface, ...question }, { store }) => Recommender.of(store).features(surface, question) as Promise<any>,
  },
  trials,
  dataset: { load: loadDataset },
  evaluation,
  golden,
  fallback: () => ({ items: [], scores: [], because: [], basis: [] }),
  retrain: { everyMs: DAY_MS, outcomesMin: 20_000 },
  operations: recommenderOperations,
  migrations,
  async setup(ai, { store, clock }) {
    const recommender = await Recommender.open(store, clock);
    return {
      handlers: handlers(recommender, ai as never),
      consumers: [onProductChanged, onOrderPlaced, onUserDeleted],
      jobs: [learnPurchasesJob(recommender.log, ai), forgetJob(recommender.log, ai)],
      close: () => recommender.log.close(),
    };
  },
});

export type { Features, Ranked };
