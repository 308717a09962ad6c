import { service, t } from 'relearn';
import { catalogContract } from '../catalog/contract.ts';
import { paymentSandboxContract } from '../payment-sandbox/contract.ts';
import { ordersContract } from './contract.ts';
import { orderJobs } from './jobs.ts';
import { migrations } from './migrations.ts';
import { onUserDeleted } from './on-user-deleted.ts';
import { OrderFeed } from './order-feed.ts';
import { sandboxProvider } from './sandbox-provider.ts';
import { orderHandlers } from './service.ts';

const DAY_MS = 86_400_000;

export default service({
  contract: ordersContract,
  configuration: t.Object({
    ORDERS_PAYMENT_DUE_MS: t.Integer({
      minimum: 1_000,
      maximum: 7 * DAY_MS,
      default: 15 * 60_000,
      description: 'time to pay before an order is given up, ms',
    }),
    ORDERS_COMPLETED_AFTER_MS: t.Integer({
      minimum: 1_000,
      maximum: 365 * DAY_MS,
      default: 14 * DAY_MS,
      description: 'time after shipping until an order counts as arrived and kept, ms',
    }),
  }),
  uses: { catalog: catalogContract, paymentSandbox: paymentSandboxContract },
  migrations,
  setup({ config, store, clients: { catalog, paymentSandbox }, clock }) {
    const feed = new OrderFeed(store);
    const payment = sandboxProvider(paymentSandbox, clock);
    const advance = { clock, feed, completedAfterMs: config.ORDERS_COMPLETED_AFTER_MS };
    const parts = { store, catalog, payment, advance };
    return {
      handlers: orderHandlers({ ...parts, paymentDueMs: config.ORDERS_PAYMENT_DUE_MS }),
      consumers: [onUserDeleted],
      jobs: orderJobs(parts),
      close: () => feed.close(),
    };
  },
});
