import { genericAiContract, startHost, untilTrained } from 'relearn';
import { recommenderContract } from '../services/recommender/contract.ts';
import recommender from '../services/recommender/main.ts';
import { catalogContract } from '../store/catalog/contract.ts';
import catalog from '../store/catalog/main.ts';
import { madeUpHistory, madeUpProducts } from './made-up-history.ts';

/**
 * A process of its own that serves catalog and recommender over HTTP, trained on a made-up history. Started as
 * `node recommender.process.ts HOME USERS ITEMS`; tells its parent `{ url, trial }` once it answers, and closes on SIGTERM.
 */

const [home = '', users = '', items = ''] = process.argv.slice(2);
const size = { userCount: Number(users), itemCount: Number(items), seed: 7 };

const host = await startHost({ services: [catalog, recommender], home, env: { PORT: '0', LOG_LEVEL: 'warn' } });
const shop = host.client(recommenderContract);
await host.client(catalogContract).upsertProducts({ body: { products: madeUpProducts(size.itemCount) } });
const history = madeUpHistory(size, Date.now());
for (let from = 0; from < history.length; from += 10_000) {
  const { refused } = await shop.recordInteractions({ body: { interactions: history.slice(from, from + 10_000) } });
  if (refused.length > 0) throw new Error(`Refused: ${JSON.stringify(refused[0])}`);
}
const champion = await untilTrained(host.client(genericAiContract('recommender')), {
  reason: 'all of it',
  anew: true,
  budget: { timeMs: 5_000 },
});

process.send?.({ url: host.url, trial: champion?.trial });
