import { gunzipSync } from 'node:zlib';
import { request } from 'undici';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ClientOf } from '../contract/contract.ts';
import { frameworkProblems, ProblemError } from '../contract/index.ts';
import { connect } from './connect.ts';
import { deskContract, deskService } from './desk.fixture.ts';
import { gateService } from './gate.fixture.ts';
import type { Host } from './host.ts';
import { testHost } from './test-host.ts';

const onLeft = vi.fn();
let host: Host;
beforeEach(async () => {
  onLeft.mockReset();
  host = await testHost({ services: [deskService({ onLeft })] });
});

const ways: [string, () => ClientOf<typeof deskContract>][] = [
  ['in process', () => host.client(deskContract)],
  ['over HTTP', () => connect(deskContract, { url: host.url, attemptsMax: 1 })],
];

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

describe.each(ways)('A request %s', (_way, client) => {
  it('carries headers that are declared, read by their schemas', async () => {
    const body = { a: 1 };
    const bytes = Buffer.from(JSON.stringify(body)).toString('hex');
    expect(await client().weigh({ headers: { 'x-grams': 7, 'x-hint': 'soft' }, body })).toEqual({
      bytes,
      grams: 7,
      hint: 'soft',
    });
    const bad = client().weigh({ headers: { 'x-grams': -1 }, body });
    await expect(bad).rejects.toMatchObject({
      code: 'request-invalid',
      data: { faults: [{ field: 'headers/x-grams' }] },
    });
  });

  it('changes only what it has seen', async () => {
    const { revision } = await client().getNote({});
    const put = (ifMatch?: string) =>
      client().putNote({ body: { text: 'new' } }, ifMatch === undefined ? {} : { ifMatch });
    await expect(put()).rejects.toMatchObject({ code: 'precondition-missing', status: 428 });
    await expect(put('0')).rejects.toMatchObject({ code: 'precondition-failed', status: 412 });
    expect(await put(String(revision))).toEqual({ text: 'new', revision: revision + 1 });
    expect(await put('*')).toMatchObject({ revision: revision + 2 });
  });

  it('gets a stream, from where it left off', async () => {
    const items = await all(await client().count({ params: { to: 4 } }, { lastEventId: '2' }));
    expect(items).toEqual([
      { id: '3', data: { at: 3 } },
      { id: '4', data: { at: 4 } },
    ]);
  });

  it('leaves a stream by ceasing to read it, or by its signal', async () => {
    for await (const { data } of await client().count({ params: { to: 0 } })) if (data.at === 3) break;
    await vi.waitFor(() => expect(onLeft).toHaveBeenCalledTimes(1));
    const gone = new AbortController();
    const read = (async () => {
      const items = await client().count({ params: { to: 0 } }, { signal: gone.signal });
      for await (const { data } of items) if (data.at === 3) gone.abort();
    })();
    await read.catch(() => undefined);
    await vi.waitFor(() => expect(onLeft).toHaveBeenCalledTimes(2));
  });

  it('is told of a stream that cannot begin', async () => {
    await expect(client().count({ params: { to: -1 } })).rejects.toMatchObject({ code: 'internal-error' });
  });

  it('sees a stream break where an item is not as declared', async () => {
    const seen: number[] = [];
    const read = (async () => {
      for await (const { data } of await client().count({ params: { to: 0 } })) seen.push(data.at);
    })();
    await read.catch(() => undefined);
    expect(seen.at(-1)).toBe(100);
  });
});

describe('A reply over HTTP', () => {
  it('carries its ETag and what the handler adds', async () => {
    const note = await fetch(`${host.url}/api/desk/note`);
    expect(note.headers.get('etag')).toBe('"1"');
    const init = { method: 'POST', headers: { 'content-type': 'application/json', 'x-grams': '1' } };
    const weighed = await fetch(`${host.url}/api/desk/weigh`, { ...init, body: '{"a": "é"}' });
    expect(weighed.headers.get('x-weighed')).toBe('yes');
    expect(await weighed.json()).toMatchObject({ bytes: Buffer.from('{"a": "é"}').toString('hex') });
    const large = await fetch(`${host.url}/api/desk/weigh`, { ...init, body: JSON.stringify('x'.repeat(300)) });
    expect(large.status).toBe(413);
  });

  it.each(['7', '"1", "2"', 'W/x'])('refuses the If-Match %s', async (tag) => {
    const headers = { 'content-type': 'application/json', 'if-match': tag };
    const response = await fetch(`${host.url}/api/desk/note`, { method: 'PUT', headers, body: '{"text":"x"}' });
    expect(await response.json()).toMatchObject({ status: 400, code: 'request-invalid' });
  });

  it('ends its streams when the host stops', async () => {
    const { url } = host;
    const items = await connect(deskContract, { url }).count({ params: { to: 0 } });
    const read = (async () => {
      for await (const { data } of items) if (data.at === 2) void host.close();
    })();
    await read;
    await vi.waitFor(() => expect(onLeft).toHaveBeenCalledOnce());
  });
});

describe('An edge', () => {
  const problem = { code: 'rate-limited' };

  it('says who calls, adds headers, answers and refuses before anything else', async () => {
    const edge = {
      routes: [],
      admit: ({ method, headers, url }: { method: string; headers: object; url: string }) => {
        const always = { 'x-edge': 'was here', 'set-cookie': ['a=1', 'b=2'] };
        if (method === 'OPTIONS') return { headers: always, answered: true as const };
        if (url.includes('refuse'))
          return { headers: always, refusal: new ProblemError(frameworkProblems.rateLimited) };
        return { headers: always, ...('cookie' in headers && { caller: { kind: 'guest', visitorId: 'v9' } as const }) };
      },
    };
    const { url } = await testHost({ services: [deskService({ edge })] });
    const guest = await fetch(`${url}/api/desk/for/visitor`, { headers: { cookie: 'x=y' } });
    expect(await guest.json()).toEqual({ caller: { kind: 'guest', visitorId: 'v9' } });
    expect(guest.headers.get('x-edge')).toBe('was here');
    expect(guest.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(guest.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/);
    expect((await fetch(`${url}/api/desk/for/visitor`)).status).toBe(401);
    expect((await fetch(`${url}/api/desk/note`, { method: 'OPTIONS' })).status).toBe(204);
    const refused = await fetch(`${url}/api/desk/note?refuse`);
    expect([refused.status, refused.headers.get('x-edge'), await refused.json()]).toMatchObject([
      429,
      'was here',
      problem,
    ]);
  });

  it('passes on what runs in another process: its caller, its problems, its streams', async () => {
    const env = { PORT: '0', LOG_LEVEL: 'silent', SERVICE_SECRET: 'the same in both processes, long enough' };
    const behind = await testHost({ services: [deskService()], env });
    const gate = await testHost({ services: [gateService()], env: { ...env, DESK_URL: behind.url } });
    const client = connect(deskContract, { url: gate.url, attemptsMax: 1 });
    expect(await client.forVisitor({})).toEqual({ caller: { kind: 'guest', visitorId: 'v9' } });
    expect(await all(await client.count({ params: { to: 3 } }))).toHaveLength(3);
    await expect(client.forService({})).rejects.toMatchObject({ code: 'forbidden' });
    await behind.close();
    await expect(client.forPublic({})).rejects.toMatchObject({ code: 'client.unreachable' });
  });

  it('packs long replies for those who take them packed', async () => {
    const { url } = await testHost({ services: [gateService(), deskService()] });
    const headers = { 'content-type': 'application/json', 'if-match': '*', 'accept-encoding': 'gzip' };
    const init = { method: 'PUT', headers, body: JSON.stringify({ text: 'é'.repeat(5_000) }) };
    const packed = await request(`${url}/api/desk/note`, init as object);
    expect(packed.headers['content-encoding']).toBe('gzip');
    const text = gunzipSync(Buffer.from(await packed.body.arrayBuffer())).toString();
    expect(JSON.parse(text)).toMatchObject({ text: 'é'.repeat(5_000) });
  });
});
