import { connect as connectSocket } from 'node:net';
import { text } from 'node:stream/consumers';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Host } from './host.ts';
import { type ShelfWitness, shelfService } from './shelf.fixture.ts';
import { testHost } from './test-host.ts';

const witness: ShelfWitness = { aborted: [], delivered: [], unready: undefined };
let host: Host;
beforeEach(async () => {
  witness.aborted.length = 0;
  host = await testHost({
    services: [shelfService(witness)],
    env: { PORT: '0', LOG_LEVEL: 'silent', REQUEST_TIMEOUT_MS: '1000' },
  });
});

async function ask(path: string, init: RequestInit = {}) {
  const response = await fetch(host.url + path, init);
  const body = await response.text();
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    headers: response.headers,
    body: body === '' ? undefined : JSON.parse(body),
  };
}

const post = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', 'idempotency-key': 'key-1', ...headers },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

describe('A service over HTTP', () => {
  it('answers with the declared status and fills defaults', async () => {
    expect(await ask('/api/shelf/things', post({ name: 'lamp' }))).toMatchObject({
      status: 201,
      type: 'application/json; charset=utf-8',
      body: { id: 'thing-0', name: 'lamp', count: 1 },
    });
  });

  it('reads numbers and booleans from a query', async () => {
    const { body } = await ask('/api/shelf/things?limit=5&all=true');
    expect(body).toEqual({ things: [], limit: 5, all: true });
    expect((await ask('/api/shelf/things')).body).toEqual({ things: [], limit: 10, all: false });
  });

  it('answers 204 without a body', async () => {
    expect(await ask('/api/shelf/things/x', { method: 'DELETE' })).toMatchObject({ status: 204, body: undefined });
  });

  it.each([
    ['a wrong type', '/api/shelf/things', post({ name: 4 }), 400, 'request-invalid'],
    ['a number JSON has not', '/api/shelf/things', post('{"name":"x","count":NaN}'), 400, 'request-malformed'],
    ['a number too large to be one', '/api/shelf/things', post('{"name":"x","count":1e999}'), 400, 'request-invalid'],
    ['an absent body', '/api/shelf/things', post(''), 400, 'request-malformed'],
    ['half a body', '/api/shelf/things', post('{"name":'), 400, 'request-malformed'],
    ['a poisoned prototype', '/api/shelf/things', post('{"name":"x","__proto__":{"a":1}}'), 400, 'request-malformed'],
    [
      'a keyed operation without a key',
      '/api/shelf/things',
      post({ name: 'x' }, { 'idempotency-key': '' }),
      400,
      'idempotency-key-missing',
    ],
    [
      'a deadline that is none',
      '/api/shelf/things',
      { headers: { 'relearn-deadline-ms': 'soon' } },
      400,
      'request-invalid',
    ],
    ['a query out of range', '/api/shelf/things?limit=0', {}, 400, 'request-invalid'],
    ['a query that is no number', '/api/shelf/things?limit=ten', {}, 400, 'request-invalid'],
    ['a path that cannot be decoded', '/api/shelf/%zz', {}, 400, 'request-malformed'],
    ['an unknown path', '/api/shelf/nothing', {}, 404, 'not-found'],
    ['an unknown service', '/api/none/things', {}, 404, 'not-found'],
    ['another method', '/api/shelf/things', { method: 'PATCH' }, 405, 'method-not-allowed'],
    ['a body too large', '/api/shelf/things', post({ name: 'x'.repeat(2 ** 20) }), 413, 'body-too-large'],
    ['a body that is not JSON', '/api/shelf/things', { method: 'POST', body: 'name=x' }, 415, 'media-type-unsupported'],
    ['a reply that is not declared', '/api/shelf/lie', {}, 500, 'internal-error'],
    ['an error that is not declared', '/api/shelf/fail', {}, 500, 'internal-error'],
    [
      'an answer that comes too late',
      '/api/shelf/wait',
      { headers: { 'relearn-deadline-ms': '20' } },
      504,
      'deadline-exceeded',
    ],
  ])('answers %s with a declared problem', async (_what, path, init, status, code) => {
    const answer = await ask(path, init);
    expect(answer).toMatchObject({ status, type: 'application/problem+json; charset=utf-8', body: { status, code } });
    expect(answer.body.traceId).toMatch(/^[0-9a-f]{32}$/);
  });

  it('names each field at fault and what it takes', async () => {
    const { body } = await ask('/api/shelf/things', post({ name: '', count: 0 }));
    expect(body.data.faults).toEqual([
      { field: 'body/name', takes: 'must not have fewer than 1 characters' },
      { field: 'body/count', takes: 'must be >= 1' },
    ]);
  });

  it('lists the methods that a path takes', async () => {
    expect((await ask('/api/shelf/things', { method: 'PUT' })).headers.get('allow')).toBe('POST, GET');
  });

  it('tells nothing of the inside', async () => {
    const trace = '0af7651916cd43dd8448eb211c80319c';
    const { body } = await ask('/api/shelf/fail', { headers: { traceparent: `00-${trace}-b7ad6b7169203331-01` } });
    expect(JSON.stringify(body)).not.toContain('secret');
    expect(body.traceId).toBe(trace);
  });

  it('tells a handler to stop when the deadline has passed', async () => {
    await ask('/api/shelf/wait', { headers: { 'relearn-deadline-ms': '20' } });
    expect(witness.aborted).toMatchObject([{ code: 'deadline-exceeded' }]);
  });

  it('tells a handler to stop when its caller has gone', async () => {
    const leaving = new AbortController();
    const asked = ask('/api/shelf/wait', { signal: leaving.signal });
    setTimeout(() => leaving.abort(), 50);
    await expect(asked).rejects.toThrow();
    await expect.poll(() => witness.aborted).toMatchObject([{ code: 'client.request-cancelled' }]);
  });

  it('answers a declared error with its code, detail and data', async () => {
    for (const key of ['a', 'b', 'c']) await ask('/api/shelf/things', post({ name: key }, { 'idempotency-key': key }));
    expect(await ask('/api/shelf/things', post({ name: 'd' }, { 'idempotency-key': 'd' }))).toMatchObject({
      status: 409,
      body: {
        code: 'shelf.shelf-full',
        title: 'The shelf is full; take another.',
        detail: 'It holds 3.',
        data: { count: 3 },
      },
    });
  });

  it('answers a repeat from its record and refuses the key with another request', async () => {
    const first = await ask('/api/shelf/things', post({ name: 'lamp' }));
    const again = await ask('/api/shelf/things', post({ name: 'lamp' }));
    expect(again.body).toEqual(first.body);
    expect((await ask('/api/shelf/things')).body.things).toHaveLength(1);
    expect(await ask('/api/shelf/things', post({ name: 'chair' }))).toMatchObject({
      status: 422,
      body: { code: 'idempotency-key-reused' },
    });
  });

  it('answers bytes that are no HTTP with a problem', async () => {
    const { hostname, port } = new URL(host.url);
    const socket = connectSocket(Number(port), hostname);
    socket.end('NOT HTTP AT ALL\r\n\r\n');
    expect(await text(socket)).toMatch(/^HTTP\/1.1 400 .*"code":"request-malformed"/s);
  });

  it('serves its OpenAPI document and a page', async () => {
    expect((await ask('/api/shelf/openapi.json')).body).toMatchObject({ openapi: '3.1.0', info: { title: 'Shelf' } });
    const page = await fetch(`${host.url}/api/shelf/docs`);
    expect(page.headers.get('content-security-policy')).toMatch(/style-src 'sha256-/);
    expect(await page.text()).toContain('shelf.shelf-full');
  });
});
