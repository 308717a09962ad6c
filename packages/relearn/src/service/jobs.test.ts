import { Type as t } from 'typebox';
import { expect, it } from 'vitest';
import { contract } from '../contract/contract.ts';
import { operation } from '../contract/operation.ts';
import { job } from '../store/index.ts';
import { manualClock } from '../testing/manual-clock.ts';
import { service } from './service.ts';
import { shelfContract, shelfService } from './shelf.fixture.ts';
import { testHost } from './test-host.ts';

const mailerContract = contract({
  name: 'mailer',
  title: 'Mailer',
  description: 'Puts a thing on the shelf later.',
  version: '1.0.0',
  operations: {
    later: operation({
      method: 'POST',
      path: '/later',
      summary: 'Put it there in an hour',
      access: 'public',
      idempotency: 'none',
      body: t.Object({ name: t.String() }),
      reply: t.Object({}),
    }),
    sent: operation({
      method: 'GET',
      path: '/sent',
      summary: 'What was put there',
      access: 'public',
      idempotency: 'safe',
      reply: t.Object({ ids: t.Array(t.String()) }),
    }),
  },
});

const mailer = service({
  contract: mailerContract,
  uses: { shelf: shelfContract },
  migrations: [{ name: '001-sent', sql: 'CREATE TABLE sent (id TEXT NOT NULL)' }],
  setup: ({ clients: { shelf }, store, clock }) => {
    const put = job({
      name: 'put',
      payload: t.Object({ name: t.String() }),
      attemptsMax: 1,
      async perform({ name }, { signal, jobId }) {
        const { id } = await shelf.put({ body: { name } }, { signal, idempotencyKey: jobId });
        return async (tx) => void (await tx.prepare('INSERT INTO sent VALUES (?)').run(id));
      },
    });
    return {
      jobs: [put],
      handlers: {
        async later({ body }) {
          await store.transact((tx) => tx.schedule(put, body, { atMs: clock() + 3_600_000 }));
          return {};
        },
        async sent() {
          const rows = await store.prepare<{ id: string }>('SELECT id FROM sent').all();
          return { ids: rows.map(({ id }) => id) };
        },
      },
    };
  },
});

it('are performed by the service that scheduled them, with its clients, and what failed is counted for all to see', async () => {
  const clock = manualClock();
  const host = await testHost({ services: [mailer, shelfService()], clock });
  const client = host.client(mailerContract);
  await client.later({ body: { name: 'lamp' } });
  await client.later({ body: { name: 'a name that no shelf would take' } });
  const text = async (path: string) => (await fetch(`${host.url}${path}`)).text();
  expect(await text('/metrics')).toContain('relearn_queue_waiting{service="mailer",queue="jobs"} 2\n');
  expect(await client.sent({})).toEqual({ ids: [] });
  clock.advance(3_600_000);
  await expect.poll(() => client.sent({})).toEqual({ ids: ['thing-0'] });
  await expect.poll(() => text('/metrics')).toContain('relearn_queue_parked{service="mailer",queue="jobs"} 1\n');
  expect(JSON.parse(await text('/health/ready'))).toMatchObject({ status: 'ready', parked: { mailer: { jobs: 1 } } });
});
