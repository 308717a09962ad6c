import { genericAiContract, startHost, untilTrained } from 'relearn';
import project from '../relearn.config.ts';
import { recommenderContract } from '../services/recommender/contract.ts';
import { catalogContract } from '../store/catalog/contract.ts';
import { madeUpHistory, madeUpProducts } from './made-up-history.ts';

/**
 * The whole store in one process behind its gateway, trained on a made-up history, with stock that does not run out and no limit of requests. Started
 * as `node shop.process.ts HOME USERS ITEMS`; tells its parent `{ url }` once it answers, and closes on SIGTERM.
 */

const [home = '', users = '', items = ''] = process.argv.slice(2);
const size = { userCount: Number(users), itemCount: Number(items), seed: 7 };

const services = await Promise.all(project.services.map(async (load) => (await load()).default));
const limits = { RATE_PER_S: '1000000', RATE_BURST: '10000000' };
const host = await startHost({ services, home, env: { PORT: '0', LOG_LEVEL: 'error', ...limits } });
const shop = host.client(recommenderContract);
const products = madeUpProducts(size.itemCount).map((product) => ({ ...product, stock: 1_000_000 }));
await host.client(catalogContract).upsertProducts({ body: { products } });
const history = madeUpHistory(size, Date.now());
for (let from = 0; from < history.length; from += 10_000) {
  const { refused } = await shop.recordInteractions({ body: { interactions: history.slice(from, from + 10_000) } });
  if (refused.length > 0) throw new Error(`Refused: ${JSON.stringify(refused[0])}`);
}
await untilTrained(host.client(genericAiContract('recommender')), {
  reason: 'all of it',
  anew: true,
  budget: { timeMs: 5_000 },
});

process.send?.({ url: host.url });
