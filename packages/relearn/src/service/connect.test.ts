import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { clientProblems, frameworkProblems } from '../contract/framework-problems.ts';
import { ProblemError } from '../contract/problem.ts';
import { type ConnectOptions, connect } from './connect.ts';
import { type ShelfWitness, shelfContract, shelfService } from './shelf.fixture.ts';
import { testHost } from './test-host.ts';

describe.each(['over HTTP', 'in process'])('A client %s', (transport) => {
  async function shelf(witness?: ShelfWitness) {
    const host = await testHost({ services: [shelfService(witness)] });
    return transport === 'in process' ? host.client(shelfContract) : connected({ url: host.url });
  }

  it('gets replies and 204s, and makes up idempotency keys', async () => {
    const client = await shelf();
    expect(await client.put({ body: { name: 'lamp' } })).toEqual({ id: 'thing-0', name: 'lamp', count: 1 });
    expect(await client.put({ body: { name: 'lamp' } })).toEqual({ id: 'thing-1', name: 'lamp', count: 1 });
    expect(await client.remove({ params: { id: 'thing/0 ?' } })).toBeUndefined();
    expect(await client.list({ query: { all: true, limit: 2 } })).toMatchObject({ limit: 2, all: true });
  });

  it('gets the first reply again with the first key', async () => {
    const client = await shelf();
    const first = await client.put({ body: { name: 'lamp' } }, { idempotencyKey: 'k' });
    expect(await client.put({ body: { name: 'lamp' } }, { idempotencyKey: 'k' })).toEqual(first);
    await expect(client.put({ body: { name: 'chair' } }, { idempotencyKey: 'k' })).rejects.toMatchObject({
      code: 'idempotency-key-reused',
    });
  });

  it('throws declared problems whole', async () => {
    const client = await shelf();
    for (let kept = 0; kept < 3; kept++) await client.put({ body: { name: 'lamp' } });
    const refused = client.put({ body: { name: 'one more' } });
    await expect(refused).rejects.toBeInstanceOf(ProblemError);
    await expect(refused).rejects.toMatchObject({
      code: 'shelf.shelf-full',
      status: 409,
      detail: 'It holds 3.',
      data: { count: 3 },
    });
  });

  it.each([
    ['a field that is too long', { name: 'x'.repeat(21) }, 'body/name'],
    ['a number that JSON cannot carry', { name: 'x', count: Number.NaN }, 'body/count'],
    ['a field that is absent', {}, 'body/name'],
  ])('is told of %s', async (_what, body, field) => {
    const client = await shelf();
    await expect(client.put({ body: body as never })).rejects.toMatchObject({
      code: 'request-invalid',
      data: { faults: [{ field }] },
    });
  });

  it('is told no more of a failure than that there was one', async () => {
    const client = await shelf();
    for (const failing of [client.fail({}), client.lie({})]) {
      await expect(failing).rejects.toMatchObject({
        code: 'internal-error',
        message: frameworkProblems.internalError.title,
      });
    }
  });

  it('gives up at its deadline and tells the callee to stop', async () => {
    const witness: ShelfWitness = { aborted: [], delivered: [], unready: undefined };
    const client = await shelf(witness);
    await expect(client.wait({}, { timeoutMs: 30 })).rejects.toMatchObject({ code: 'deadline-exceeded', status: 504 });
    await expect.poll(() => witness.aborted.length).toBe(1);
  });

  it('takes an endless budget, and refuses one that is none', async () => {
    const client = await shelf();
    const pause = (timeoutMs: number) => client.pause({ params: { ms: 20 } }, { timeoutMs });
    expect(await pause(Number.POSITIVE_INFINITY)).toHaveProperty('traceparent');
    await expect(pause(Number.NaN)).rejects.toThrow(RangeError);
  });

  it('gives up when its caller does', async () => {
    const witness: ShelfWitness = { aborted: [], delivered: [], unready: undefined };
    const client = await shelf(witness);
    await expect(client.wait({}, { signal: AbortSignal.timeout(30) })).rejects.toMatchObject({
      code: 'client.request-cancelled',
    });
    await expect.poll(() => witness.aborted.length).toBe(1);
  });
});

describe('A client of a failing callee', () => {
  it('tries what may be repeated again, with what is left of the deadline and one key', async () => {
    const { url, seen } = await failingServer((_request, response, attempt) => {
      if (attempt < 3) response.writeHead(503).end();
      else response.writeHead(201, { 'content-type': 'application/json' }).end('{"id":"a","name":"b","count":1}');
    });
    const client = connected({ url });
    expect(await client.put({ body: { name: 'b' } })).toEqual({ id: 'a', name: 'b', count: 1 });
    const deadlines = seen.map(({ headers }) => Number(headers['relearn-deadline-ms']));
    expect(deadlines).toHaveLength(3);
    expect(deadlines.toSorted((one, other) => other - one)).toEqual(deadlines);
    expect(new Set(seen.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
  });

  it('does not repeat what must not be', async () => {
    const { url, seen } = await failingServer((_request, response) => response.writeHead(503).end());
    await expect(connected({ url }).pause({ params: { ms: 1 } })).rejects.toMatchObject({ code: 'client.unreachable' });
    expect(seen).toHaveLength(1);
  });

  it('does not repeat what was refused for good', async () => {
    const { url, seen } = await failingServer((_request, response) =>
      response
        .writeHead(409, { 'content-type': 'application/problem+json' })
        .end('{"code":"shelf.shelf-full","title":"Full."}'),
    );
    await expect(connected({ url }).put({ body: { name: 'b' } })).rejects.toMatchObject({
      code: 'shelf.shelf-full',
      status: 409,
    });
    expect(seen).toHaveLength(1);
  });

  it('says so when the reply is not what the contract declares', async () => {
    const { url } = await failingServer((_request, response) => response.writeHead(200).end('{"truth":42}'));
    await expect(connected({ url }).lie({})).rejects.toMatchObject({ code: 'client.reply-invalid', status: 502 });
  });

  it('leaves a callee alone that failed several times, then probes it', async () => {
    let isUp = false;
    const { url, seen } = await failingServer((_request, response) =>
      isUp ? response.writeHead(200).end('{"things":[],"limit":1,"all":false}') : response.destroy(),
    );
    const client = connected({ url, attemptsMax: 1, breaker: { failuresMax: 3, restMs: 40 } });
    for (let attempt = 0; attempt < 3; attempt++) {
      await expect(client.list({ query: {} })).rejects.toMatchObject({ code: clientProblems.unreachable.code });
    }
    await expect(client.list({ query: {} })).rejects.toMatchObject({ code: clientProblems.circuitOpen.code });
    expect(seen).toHaveLength(3);
    isUp = true;
    await expect
      .poll(() => client.list({ query: {} }).catch(() => undefined), { interval: 10 })
      .toMatchObject({ limit: 1 });
  });

  it('says where it looked when nobody is there', async () => {
    const { url, stop } = await failingServer(() => undefined);
    await stop();
    await expect(connected({ url, attemptsMax: 2 }).list({ query: {} })).rejects.toMatchObject({
      code: 'client.unreachable',
      detail: `shelf could not be reached at ${url}.`,
    });
  });
});

function connected(options: ConnectOptions) {
  const client = connect(shelfContract, options);
  onTestFinished(() => client[Symbol.asyncDispose]());
  return client;
}

/** A server that fails as told; `attempt` counts from 1. */
async function failingServer(answer: (request: IncomingMessage, response: ServerResponse, attempt: number) => unknown) {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    request.resume();
    answer(request, response, seen.length);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = async () => {
    server.closeAllConnections();
    server.close();
  };
  onTestFinished(stop);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, stop };
}
