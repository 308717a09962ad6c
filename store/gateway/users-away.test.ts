import { type Host, startHost } from 'relearn';
import { temporaryHome } from 'relearn/testing';
import { expect, it, onTestFinished } from 'vitest';
import recommender from '../../services/recommender/main.ts';
import cart from '../cart/main.ts';
import catalog from '../catalog/main.ts';
import orders from '../orders/main.ts';
import paymentSandbox from '../payment-sandbox/main.ts';
import { usersContract } from '../users/contract.ts';
import users from '../users/main.ts';
import gateway from './main.ts';
import { Browser, EMAIL, PASSWORD } from './shop-front.fixture.ts';

const SECRET = 'the same in both processes, long enough';

async function hostOf(
  services: Parameters<typeof startHost>[0]['services'],
  env: Record<string, string>,
): Promise<Host> {
  const home = await temporaryHome();
  const host = await startHost({
    services,
    home: home.path,
    env: { LOG_LEVEL: 'silent', PORT: '0', SERVICE_SECRET: SECRET, ...env },
  });
  onTestFinished(async () => {
    await host.close();
    await home[Symbol.asyncDispose]();
  });
  return host;
}

it('goes on for all that is open to everybody while users are away, and takes no shopper for a guest', async () => {
  const apart = await hostOf([users], {});
  await apart.client(usersContract).createUser({ body: { email: EMAIL, password: PASSWORD } });
  const front = await hostOf([catalog, cart, recommender, orders, paymentSandbox, gateway], {
    USERS_URL: apart.url,
    IDENTITY_URL: apart.url,
  });
  const browser = new Browser(front.url);
  await browser.signIn();
  expect((await browser.ask('/api/users/me')).body).toMatchObject({ email: EMAIL });
  await apart.close();
  browser.cookies.delete('relearn_session');
  expect((await browser.ask('/api/catalog/products?limit=1')).status).toBe(200);
  const cartOfSomebody = await browser.ask('/api/cart/cart');
  expect(cartOfSomebody.status).toBe(503);
  expect(cartOfSomebody.headers.get('x-content-type-options')).toBe('nosniff');
  expect(cartOfSomebody.headers.get('ratelimit')).toMatch(/^"address"/);
  expect((await browser.ask('/api/gateway/session')).status).toBe(503);
  expect((await new Browser(front.url).signIn()).body).toMatchObject({
    status: 503,
    code: 'gateway.sign-in-unavailable',
  });
  const { body: health } = await browser.ask('/api/gateway/health');
  expect(health).toMatchObject({ status: 'degraded' });
  expect(health.services).toContainEqual(expect.objectContaining({ name: 'users', ready: false }));
  expect(browser.cookies.has('relearn_refresh')).toBe(true);
});
