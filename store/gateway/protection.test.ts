import { describe, expect, it } from 'vitest';
import { shopFront } from './shop-front.fixture.ts';

const SESSION = '/api/gateway/session';

describe('the gateway', () => {
  it('refuses what another site’s page sends in somebody’s name', async () => {
    const browser = (await shopFront()).browser();
    await browser.signIn();
    const change = (headers: Record<string, string>) =>
      browser.ask('/api/users/me', {
        method: 'PATCH',
        body: '{"name":"x"}',
        headers: { 'content-type': 'application/json', ...headers },
      });
    const forged = { status: 403, body: { code: 'gateway.request-forged' } };
    expect(await change({ 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' })).toMatchObject(forged);
    expect(await change({ 'sec-fetch-site': 'same-site' })).toMatchObject(forged);
    expect((await change({})).status).toBe(200);
  });

  it('lets pages of allowed sites call without cookies, and no others', async () => {
    const { ask } = await shopFront({ CORS_ORIGINS: 'https://partner.example' });
    const preflight = (origin: string) =>
      ask('/api/catalog/products', { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'GET' } });
    const allowed = await preflight('https://partner.example');
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://partner.example');
    expect(allowed.headers.get('access-control-allow-credentials')).toBeNull();
    expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
    expect((await ask('/api/catalog/products')).headers.get('vary')).toContain('origin');
  });

  it('limits each address, says so, and counts keys apart', async () => {
    const { ask, users } = await shopFront({ RATE_PER_S: '1', RATE_BURST: '3' });
    const { key } = await users.createApiKey({ body: { name: 'Feed', scopes: ['catalog.read'] } });
    const first = await ask('/api/catalog/products');
    expect(first.headers.get('ratelimit-policy')).toBe('"address";q=3;w=3');
    expect(first.headers.get('ratelimit')).toMatch(/^"address";r=2/);
    let last = first;
    for (let request = 0; request < 5; request++) last = await ask('/api/catalog/products');
    expect(last).toMatchObject({ status: 429, body: { code: 'rate-limited' } });
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0);
    // An unknown key is a guess like any other; this one becomes known once a token is back.
    await expect
      .poll(async () => (await ask('/api/catalog/products', { headers: { 'x-api-key': key } })).status, {
        timeout: 5_000,
        interval: 300,
      })
      .toBe(200);
    for (let request = 0; request < 5; request++) {
      const answer = await ask('/api/catalog/products', { headers: { 'x-api-key': key } });
      expect(answer.status).toBe(200);
      expect(answer.headers.get('ratelimit')).toMatch(/^"key"/);
    }
  });

  it('takes partners’ keys for what they are scoped for', async () => {
    const { ask, users } = await shopFront();
    const { key } = await users.createApiKey({ body: { name: 'Ops', scopes: ['orders.read'] } });
    const as = (authorization: string, path: string) => ask(path, { headers: { authorization } });
    expect((await as(`Bearer ${key}`, '/api/orders/all-orders')).status).toBeLessThan(500);
    expect(await as(`Bearer ${key}`, '/api/users/mail')).toMatchObject({ status: 403 });
    for (const unknown of ['rk_unknown', 'rk_unknown', `rk_${'x'.repeat(300)}`]) {
      const answer = await as(`Bearer ${unknown}`, '/api/catalog/products');
      expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
      expect(answer.headers.get('ratelimit')).toMatch(/^"address"/);
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  it('gives no guest to whoever asks for page after page without keeping one', async () => {
    const { ask } = await shopFront({ RATE_PER_S: '1', RATE_BURST: '2' });
    const visit = () => ask('/api-docs', { headers: { accept: 'text/html' } });
    expect((await visit()).headers.getSetCookie()).toHaveLength(1);
    await visit();
    expect((await visit()).headers.getSetCookie()).toEqual([]);
  });

  it('refuses bodies that nothing takes', async () => {
    const { ask } = await shopFront({ BODY_BYTES_MAX: '2048' });
    const body = JSON.stringify({ email: 'x'.repeat(3_000), password: 'x' });
    const answer = await ask(SESSION, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    expect(answer).toMatchObject({ status: 413, body: { code: 'gateway.body-too-large', data: { bytesMax: 2048 } } });
  });

  it('sends what keeps browsers safe with every reply', async () => {
    const { ask } = await shopFront({ SHOP_URL: 'https://shop.example' });
    const { headers } = await ask('/api/catalog/products');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('strict-transport-security')).toContain('max-age=31536000');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/);
    expect((await ask(SESSION)).headers.getSetCookie()[0]).toContain('Secure');
  });

  it('describes all services in one document and on one page', async () => {
    const { ask } = await shopFront();
    const { body } = await ask('/api/openapi.json');
    expect(body.paths).toHaveProperty(['/api/orders/orders', 'post', 'operationId'], 'orders_placeOrder');
    expect(body.paths).toHaveProperty(['/api/catalog/products/{id}', 'get', 'tags'], ['catalog']);
    const page = await ask('/api/docs');
    expect(page.body).toContain('/api/users/me');
    expect(page.headers.get('content-security-policy')).toContain("style-src 'sha256-");
  });

  it('tells how all services are', async () => {
    const { ask } = await shopFront();
    const { body } = await ask('/api/gateway/health');
    expect(body.services.map(({ name }: { name: string }) => name)).toContain('orders');
    expect(body).toMatchObject({ status: 'ready' });
  });
});
