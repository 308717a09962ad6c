import { type Contract, service, t } from 'relearn';
import { recommenderContract } from '../../services/recommender/contract.ts';
import { cartContract } from '../cart/contract.ts';
import { catalogContract } from '../catalog/contract.ts';
import { ordersContract } from '../orders/contract.ts';
import { paymentSandboxContract } from '../payment-sandbox/contract.ts';
import { usersContract } from '../users/contract.ts';
import { Browsers } from './browsers.ts';
import { gatewayContract } from './contract.ts';
import { CookieWriter } from './cookies.ts';
import { gatewayEdge } from './edge.ts';
import { OpenOperations } from './open-operations.ts';
import { Origins } from './origins.ts';
import { Partners } from './partners.ts';
import { RateLimits } from './rate-limits.ts';
import { RefreshedSessions } from './refreshed-sessions.ts';
import { safetyHeaders } from './safety-headers.ts';
import { sessionHandlers } from './session-handlers.ts';

/** All that browsers and partners reach. */
const routes = {
  cart: cartContract,
  catalog: catalogContract,
  orders: ordersContract,
  paymentSandbox: paymentSandboxContract,
  recommender: recommenderContract,
  users: usersContract,
};

/** Who a browser is can only be told with users at hand; how the services are, always. */
const healthAlone = { ...gatewayContract, operations: { getHealth: gatewayContract.operations.getHealth } };

const MIB = 2 ** 20;

export default service({
  contract: gatewayContract,
  configuration: t.Object({
    SHOP_URL: t.String({
      pattern: '^https?://',
      default: 'http://localhost:8080',
      description: 'origin under which browsers reach the shop; with https cookies travel over https alone',
    }),
    CORS_ORIGINS: t.String({
      pattern: '^$|^https?://[^\\s,/]+(,https?://[^\\s,/]+)*$',
      default: '',
      description: 'origins whose pages may call the API without cookies, separated by commas',
    }),
    RATE_PER_S: t.Integer({ minimum: 1, default: 100, description: 'requests a second of one IP address to the API' }),
    RATE_BURST: t.Integer({ minimum: 1, default: 400, description: 'requests that one IP address may make at once' }),
    KEY_RATE_PER_S: t.Integer({ minimum: 1, default: 200, description: 'requests a second with one API key' }),
    KEY_RATE_BURST: t.Integer({ minimum: 1, default: 1_000, description: 'requests with one API key at once' }),
    BODY_BYTES_MAX: t.Integer({ minimum: 1_024, default: 8 * MIB, description: 'largest body of a request, bytes' }),
  }),
  uses: routes,
  setup({ config, clients: { users }, identity, clock, faultsOf }) {
    const secure = new URL(config.SHOP_URL).protocol === 'https:';
    const writer = new CookieWriter({ secure, clock });
    const sessions = new RefreshedSessions(users);
    const browsers = new Browsers({ identity, sessions, writer });
    return {
      handlers: {
        ...sessionHandlers({ users, browsers, sessions, writer }),
        getHealth: () => healthOf(Object.values(routes), faultsOf),
      },
      edge: gatewayEdge({
        routes: Object.values(routes),
        identity,
        browsers,
        partners: new Partners(users, clock),
        open: new OpenOperations([...Object.values(routes), healthAlone]),
        limits: new RateLimits(
          {
            addresses: { perSecond: config.RATE_PER_S, burst: config.RATE_BURST },
            keys: { perSecond: config.KEY_RATE_PER_S, burst: config.KEY_RATE_BURST },
          },
          clock,
        ),
        origins: new Origins(
          config.SHOP_URL,
          config.CORS_ORIGINS.split(',').filter((origin) => origin !== ''),
        ),
        safety: safetyHeaders({ secure }),
        bodyBytesMax: config.BODY_BYTES_MAX,
      }),
    };
  },
});

async function healthOf(
  contracts: readonly Contract[],
  faultsOf: (contract: Contract) => Promise<Record<string, string>>,
) {
  const services = await Promise.all(
    contracts.map(async (contract) => {
      const reasons = await faultsOf(contract);
      return { name: contract.name, ready: Object.keys(reasons).length === 0, reasons };
    }),
  );
  const status: 'ready' | 'degraded' = services.every(({ ready }) => ready) ? 'ready' : 'degraded';
  return { status, services };
}
