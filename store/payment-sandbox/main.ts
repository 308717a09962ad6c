import { randomBytes } from 'node:crypto';
import { service, t } from 'relearn';
import { ordersContract } from '../orders/contract.ts';
import { paymentSandboxContract } from './contract.ts';
import { sandboxJobs } from './jobs.ts';
import { migrations } from './migrations.ts';
import { sandboxHandlers } from './service.ts';
import { keepSecret } from './store.ts';

export default service({
  contract: paymentSandboxContract,
  configuration: t.Object({
    SANDBOX_SLOW_MS: t.Integer({
      minimum: 0,
      maximum: 600_000,
      default: 5_000,
      description: 'how long the slow test card takes, ms',
    }),
  }),
  uses: { orders: ordersContract },
  migrations,
  async setup({ config, store, clients: { orders }, clock }) {
    const secret = await keepSecret(store, `whsec_${randomBytes(32).toString('base64url')}`);
    const parts = { store, clock, secret, slowMs: config.SANDBOX_SLOW_MS };
    return { handlers: sandboxHandlers(parts), jobs: sandboxJobs(parts, orders) };
  },
});
