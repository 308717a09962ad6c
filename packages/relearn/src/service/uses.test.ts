import { Type as t } from 'typebox';
import { expect, it } from 'vitest';
import { contract } from '../contract/contract.ts';
import { operation } from '../contract/operation.ts';
import { ConfigurationInvalid } from './configuration.ts';
import { service } from './service.ts';
import { shelfContract, shelfService } from './shelf.fixture.ts';
import { testHost } from './test-host.ts';

const buyerContract = contract({
  name: 'buyer',
  title: 'Buyer',
  description: 'Buys from a shelf.',
  version: '1.0.0',
  operations: {
    look: operation({
      method: 'GET',
      path: '/look',
      summary: 'See what the shelf has, in the trace of the request',
      access: 'public',
      idempotency: 'safe',
      reply: t.Object({ count: t.Integer(), sameTrace: t.Boolean() }),
    }),
  },
});

const buyer = service({
  contract: buyerContract,
  uses: { shelf: shelfContract },
  setup: ({ clients: { shelf } }) => ({
    handlers: {
      async look(_request, call) {
        const { things } = await shelf.list({ query: {} });
        const { traceparent } = await shelf.pause({ params: { ms: 0 } });
        return { count: things.length, sameTrace: traceparent.slice(3, 35) === call.traceparent.slice(3, 35) };
      },
    },
  }),
});

it('calls a service of the same process directly, whichever starts first', async () => {
  const host = await testHost({ services: [buyer, shelfService()] });
  await host.client(shelfContract).put({ body: { name: 'lamp' } });
  expect(await host.client(buyerContract).look({})).toEqual({ count: 1, sameTrace: true });
});

it('calls a service of another process over HTTP, where its variable says', async () => {
  const env = { PORT: '0', LOG_LEVEL: 'silent', SERVICE_SECRET: 'the same in both processes, long enough' };
  const { url } = await testHost({ services: [shelfService()], env });
  const host = await testHost({ services: [buyer], env: { ...env, SHELF_URL: url } });
  expect(await host.client(buyerContract).look({})).toEqual({ count: 0, sameTrace: true });
});

it('does not start without knowing where a used service runs', async () => {
  const started = testHost({ services: [buyer] });
  await expect(started).rejects.toThrow(ConfigurationInvalid);
  await expect(started).rejects.toThrow('SHELF_URL: is not set, is required (where shelf runs: http://host:8080)');
});
