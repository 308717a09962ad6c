import { Type as t } from 'typebox';
import { contract } from '../contract/contract.ts';
import { event } from '../contract/event.ts';
import { operation } from '../contract/operation.ts';
import { ProblemError, problem } from '../contract/problem.ts';
import { currentTraceparent } from '../contract/trace.ts';
import { consumer, service } from './service.ts';

/** A small service that tests run: it keeps things on shelves and can be slow, wrong or broken on request. */
const thing = t.Object({ id: t.String(), name: t.String(), count: t.Integer() });

export const shelfFull = problem({
  code: 'shelf.shelf-full',
  status: 409,
  title: 'The shelf is full; take another.',
  data: t.Object({ count: t.Integer() }),
});

export const thingPut = event({
  type: 'thing.put.v1',
  summary: 'A thing was put on a shelf',
  payload: thing,
  key: ({ id }) => id,
});

export const shelfContract = contract({
  name: 'shelf',
  title: 'Shelf',
  description: 'Keeps things.',
  version: '1.0.0',
  operations: {
    put: operation({
      method: 'POST',
      path: '/things',
      summary: 'Put a thing on the shelf, once',
      access: 'public',
      idempotency: 'keyed',
      status: 201,
      body: t.Object({
        name: t.String({ minLength: 1, maxLength: 20 }),
        count: t.Optional(t.Integer({ minimum: 1, default: 1 })),
      }),
      reply: thing,
      errors: [shelfFull],
    }),
    list: operation({
      method: 'GET',
      path: '/things',
      summary: 'List things',
      access: 'public',
      idempotency: 'safe',
      query: t.Object({ limit: t.Optional(t.Integer({ minimum: 1, default: 10 })), all: t.Optional(t.Boolean()) }),
      reply: t.Object({ things: t.Array(thing), limit: t.Integer(), all: t.Boolean() }),
    }),
    remove: operation({
      method: 'DELETE',
      path: '/things/:id',
      summary: 'Take a thing off',
      access: 'public',
      idempotency: 'safe',
      status: 204,
      params: t.Object({ id: t.String() }),
      reply: t.Undefined(),
    }),
    wait: operation({
      method: 'GET',
      path: '/wait',
      summary: 'Answer when told to stop',
      access: 'public',
      idempotency: 'none',
      reply: t.Object({}),
    }),
    pause: operation({
      method: 'GET',
      path: '/pause/:ms',
      summary: 'Answer after a while',
      access: 'public',
      idempotency: 'none',
      params: t.Object({ ms: t.Integer() }),
      reply: t.Object({ traceparent: t.String() }),
    }),
    lie: operation({
      method: 'GET',
      path: '/lie',
      summary: 'Give a reply that is not declared',
      access: 'public',
      idempotency: 'safe',
      reply: t.Object({ truth: t.String() }),
    }),
    fail: operation({
      method: 'GET',
      path: '/fail',
      summary: 'Throw',
      access: 'public',
      idempotency: 'safe',
      reply: t.Object({}),
    }),
  },
  events: { thingPut },
});

/** What happened inside, for tests to look at. */
export interface ShelfWitness {
  readonly aborted: unknown[];
  readonly delivered: { id: string; traceparent: string | undefined }[];
  unready: string | undefined;
}

export function shelfService(witness: ShelfWitness = { aborted: [], delivered: [], unready: undefined }) {
  return service({
    contract: shelfContract,
    migrations: [
      {
        name: '001-things',
        sql: 'CREATE TABLE thing (id TEXT PRIMARY KEY, name TEXT NOT NULL, count INTEGER NOT NULL)',
      },
    ],
    setup: ({ store }) => ({
      handlers: {
        put: ({ body: { name, count = 1 } }, call) =>
          call.once(async (tx) => {
            const { kept } = (await tx.prepare<{ kept: number }>('SELECT count(*) AS kept FROM thing').get())!;
            if (kept >= 3) throw new ProblemError(shelfFull, { detail: `It holds ${kept}.`, data: { count: kept } });
            const put = { id: `thing-${kept}`, name, count };
            await tx.prepare('INSERT INTO thing (id, name, count) VALUES (?, ?, ?)').run(put.id, name, count);
            await tx.publish(thingPut, put);
            return put;
          }),
        list: async ({ query: { limit = 0, all = false } }) => ({
          things: await store
            .prepare<{ id: string; name: string; count: number }>('SELECT * FROM thing ORDER BY id')
            .all(),
          limit,
          all,
        }),
        remove: async ({ params: { id } }) => {
          await store.transact((tx) => tx.prepare('DELETE FROM thing WHERE id = ?').run(id));
          return undefined;
        },
        wait: (_request, { signal }) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => {
              witness.aborted.push(signal.reason);
              reject(signal.reason);
            });
          }),
        pause: async ({ params: { ms } }, call) => {
          await new Promise((resolve) => setTimeout(resolve, ms));
          return { traceparent: call.traceparent };
        },
        lie: () => ({ truth: 42 }) as never,
        fail: () => {
          throw new Error('a secret of the inside');
        },
      },
      consumers: [
        consumer({
          event: thingPut,
          async handle({ id }) {
            witness.delivered.push({ id, traceparent: currentTraceparent() });
          },
        }),
      ],
      checks: { mood: () => witness.unready },
    }),
  });
}
