import fc from 'fast-check';
import { type Host, ownToken, startHost } from 'relearn';
import { type TemporaryHome, temporaryHome } from 'relearn/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import recommender from './main.ts';

let home: TemporaryHome;
let host: Host;
let token: () => Promise<string>;

beforeAll(async () => {
  home = await temporaryHome();
  host = await startHost({ services: [recommender], home: home.path, env: { PORT: '0', LOG_LEVEL: 'silent' } });
  token = await ownToken(home.path);
});
afterAll(async () => {
  await host.close();
  await home[Symbol.asyncDispose]();
});

async function send(method: string, path: string, body?: string, contentType = 'application/json') {
  const response = await fetch(`${host.url}/api/recommender${path}`, {
    method,
    headers: {
      authorization: `Bearer ${await token()}`,
      ...(body !== undefined && { 'content-type': contentType }),
    },
    ...(body !== undefined && { body }),
  });
  return { status: response.status, body: (await response.json()) as any };
}

const long = 'x'.repeat(129);
const post = (path: string, ...bodies: unknown[]) =>
  bodies.map((body) => ['POST', path, typeof body === 'string' ? body : JSON.stringify(body)] as const);

test.each([
  ...post('/for-you', '', '{', '[]', 'null', '7', '"user"', '{"userId": NaN}', '{"userId": "u"} more', '\u0000'),
  ...post('/for-you', {}, { userId: 'u', visitorId: 'v' }, { userId: '' }, { userId: 7 }, { userId: long }),
  ...[0, -1, 201, 1.5, 'many', [], 1e300].flatMap((k) => post('/for-you', { userId: 'u', k })),
  ...post('/for-you', { userId: 'u', exclude: 'tea' }, { userId: 'u', exclude: Array(1001).fill('tea') }),
  ...post(
    '/for-you',
    { userId: 'u', categories: [7] },
    { userId: 'u', priceMinMinor: -1 },
    { userId: 'u', inStock: 7 },
  ),
  ...[-0.1, 1.1, 'much', null].flatMap((diversity) => post('/for-you', { userId: 'u', diversity })),
  ...[0, -1, 1.5, 201, {}].flatMap((categoryMax) => post('/for-you', { userId: 'u', categoryMax })),
  ...post('/for-you', JSON.stringify({ userId: 'u', exclude: ['x'.repeat(3_000_000)] })),
  ...post('/similar-to', {}, { itemId: 'nobody knows it' }, { itemId: null }, { itemId: long }),
  ...post('/goes-with', {}, { basket: [] }, { basket: 'tea' }, { basket: Array(501).fill('tea') }, { basket: [null] }),
  ...post('/popular', { k: 0 }, '{]'),
  ...post('/buy-again', {}, { userId: 'u', visitorId: 'v' }),
  ...post('/interactions', {}, [], { interactions: [] }, { interactions: {} }, { interactions: Array(10_001).fill(0) }),
  ...post('/interactions', `{"interactions": ["${'x'.repeat(33 * 1024 * 1024)}"]}`),
  ...post('/predictions', {}, { surface: 'for-me' }, { surface: 'for-you', k: 'x' }),
  ...post('/outcomes', { outcomes: [{}] }),
  ...post('/nowhere', {}),
  ['GET', '/users/u/history?limit=many', undefined] as const,
  ['GET', '/users/u/history?limit=0', undefined] as const,
  ['GET', `/users/${long}/history`, undefined] as const,
  ['GET', '/users/%zz/history', undefined] as const,
  ['GET', '/versions/v9', undefined] as const,
  ['GET', '/for-you', undefined] as const,
  ['DELETE', '/interactions', undefined] as const,
])('%s %s %.60s is a declared problem of the caller', async (method, path, body) => {
  const reply = await send(method, path, body);
  expect(reply.body).toMatchObject({ status: reply.status, code: expect.stringMatching(/^[a-z-]+(\.[a-z-]+)?$/) });
  expect(reply.body.title).toBeTruthy();
  expect(reply.status).toBeGreaterThanOrEqual(400);
  expect(reply.status).toBeLessThan(500);
});

test('another kind of content is refused', async () => {
  expect(await send('POST', '/for-you', 'userId=u', 'application/x-www-form-urlencoded')).toMatchObject({
    status: 415,
  });
});

test('each interaction that is wrong is listed, and the good ones beside it are kept', async () => {
  const good = '"kind": "view", "userId": "u", "itemId": "tea"';
  const wrong = [
    ...['false', '{}', '1e999', '-1', '1.5', '"now"', '9007199254740993', '8640000000000001'].map(
      (atMs) => `"atMs": ${atMs}`,
    ),
    ...['-1', '0', '1e999', '1e7', '"two"', 'null'].map((quantity) => `"quantity": ${quantity}`),
    ...['-1', '0', '1e-300', '1e999', '1001'].map((weight) => `"weight": ${weight}`),
    ...['""', 'null', '7', `"${long}"`].flatMap((id) => [`"id": ${id}`, `"itemId": ${id}`, `"basketId": ${id}`]),
    ...['""', '"stroke"', '"__proto__"', '"constructor"', `"${long}"`].map((kind) => `"kind": ${kind}`),
    '"visitorId": "v"',
    '"value": 1e999',
    '"slot": -1',
    '"context": {"a": {"b": 1}}',
  ];
  const rows = [...wrong.map((field) => `{${good}, ${field}}`), 'null', '[]', '7', '"view"', `{${good}}`];
  const { status, body } = await send('POST', '/interactions', `{"interactions": [${rows.join(',')}]}`);
  expect(status).toBe(200);
  const refusedRows = body.refused.map(({ index }: { index: number }) => rows[index]);
  expect(rows.filter((row) => !refusedRows.includes(row))).toEqual([`{${good}}`]);
  expect(body).toMatchObject({ accepted: 1, duplicates: 0 });
});

test('whatever JSON is sent as interactions, each is counted or listed', async () => {
  const field = fc.constantFrom(
    'id',
    'kind',
    'userId',
    'visitorId',
    'itemId',
    'atMs',
    'quantity',
    'value',
    'weight',
    'basketId',
    'context',
  );
  // A key that could reach a prototype is refused with its whole body.
  const anything = fc.jsonValue().filter((value) => !/__proto__|constructor/.test(JSON.stringify(value)));
  const plausible = fc.dictionary(field, fc.oneof(anything, fc.constantFrom('view', 'purchase', 1, 5)));
  const base = fc.record({
    kind: fc.constantFrom('view', 'rating'),
    userId: fc.string({ maxLength: 3, unit: 'binary' }),
    itemId: fc.string({ maxLength: 3, unit: 'binary' }),
  });
  const row = fc.oneof(
    anything,
    plausible,
    fc.tuple(base, plausible).map(([one, two]) => ({ ...one, ...two })),
    base,
  );
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 20 }), async (interactions) => {
      const { status, body } = await send('POST', '/interactions', JSON.stringify({ interactions }));
      expect(status).toBe(200);
      expect(body.accepted + body.duplicates + body.refused.length).toBe(interactions.length);
    }),
    { numRuns: 60 },
  );
});

test('ids of any script are kept apart and given back as they came', async () => {
  const ids = [
    '茶🫖',
    'קוּמקוּם',
    'caf\u00e9',
    'cafe\u0301',
    'CAF\u00c9',
    ' ',
    ' cup',
    'cup',
    '‮cup',
    '\u0000',
    '\u0000x',
    '\uffff',
    'ﬁ',
    'fi',
  ];
  const odd = ['constructor', '__proto__', 'toString', '0', '-1', '1e3', "'; DROP TABLE items; --", '𝒳'.repeat(64)];
  const itemIds = [...ids, ...odd];
  const interactions = itemIds.map((itemId) => ({
    kind: 'purchase',
    userId: `scripts ${itemIds.indexOf(itemId)}`,
    itemId,
  }));
  const kept = await send('POST', '/interactions', JSON.stringify({ interactions }));
  expect(kept.body).toMatchObject({ accepted: itemIds.length, refused: [] });
  for (const [at, itemId] of itemIds.entries()) {
    const { body } = await send('GET', `/users/${encodeURIComponent(interactions[at]!.userId)}/history`);
    expect(body.interactions.map((deed: { itemId: string }) => deed.itemId)).toEqual([itemId]);
    expect(await send('POST', '/similar-to', JSON.stringify({ itemId }))).toMatchObject({ status: 200 });
  }
});

test('half a character is no id', async () => {
  const halves = ['\\ud800', 'tea\\udc00', '\\udfff\\ud800'];
  const rows = ['itemId', 'userId'].flatMap((field) => halves.map((half) => `"${field}": "${half}"`));
  const interactions = rows.map((field) => `{"kind": "view", "userId": "half", "itemId": "tea", ${field}}`);
  const { body } = await send('POST', '/interactions', `{"interactions": [${interactions.join(',')}]}`);
  expect(body.accepted).toBe(0);
  expect(body.refused).toHaveLength(rows.length);
});

test('a user of 100,000 interactions is answered, and so is everybody beside them', async () => {
  for (let batch = 0; batch < 10; batch++) {
    const interactions = Array.from({ length: 10_000 }, (_, at) => ({
      kind: 'view',
      userId: 'busy',
      itemId: `item ${(batch * 10_000 + at) % 3_000}`,
    }));
    expect((await send('POST', '/interactions', JSON.stringify({ interactions }))).body).toMatchObject({
      accepted: 10_000,
    });
  }
  for (const path of ['/for-you', '/buy-again'])
    expect(await send('POST', path, JSON.stringify({ userId: 'busy', diversity: 0.5, categoryMax: 2 }))).toMatchObject({
      status: 200,
    });
  expect((await send('GET', '/users/busy/history?limit=1000')).body.interactions).toHaveLength(400);
  expect(await send('POST', '/for-you', JSON.stringify({ userId: 'u' }))).toMatchObject({ status: 200 });
}, 30_000);
