import { service, t } from 'relearn';
import { recommenderContract } from '../../services/recommender/contract.ts';
import { catalogContract } from '../catalog/contract.ts';
import { abandonJob } from './abandon-job.ts';
import { cartContract } from './contract.ts';
import { onOrderPlaced, onUserDeleted } from './forget-carts.ts';
import { migrations } from './migrations.ts';
import { cartHandlers } from './service.ts';

export default service({
  contract: cartContract,
  configuration: t.Object({
    CART_ABANDONED_AFTER_MS: t.Integer({
      minimum: 1_000,
      maximum: 30 * 86_400_000,
      default: 3_600_000,
      description: 'rest after which a cart with things in it was left behind, ms',
    }),
  }),
  uses: { catalog: catalogContract, recommender: recommenderContract },
  migrations,
  setup({ config, store, clients: neighbours, clock }) {
    const timers = { clock, abandonedAfterMs: config.CART_ABANDONED_AFTER_MS };
    return {
      handlers: cartHandlers({ store, neighbours, timers }),
      consumers: [onOrderPlaced(timers), onUserDeleted],
      jobs: [abandonJob(store, timers)],
    };
  },
});
