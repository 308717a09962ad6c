import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Type as t } from 'typebox';
import { expect, it, onTestFinished, vi } from 'vitest';
import { noNatsServer, startNatsServer } from '../bus/nats-server.fixture.ts';
import { contract } from '../contract/contract.ts';
import { operation } from '../contract/operation.ts';
import { connect } from './connect.ts';
import { consumer, service } from './service.ts';
import { shelfContract, thingPut } from './shelf.fixture.ts';
import { testFolder, testHost } from './test-host.ts';

const counterContract = contract({
  name: 'counter',
  title: 'Counter',
  description: 'Counts what is put on shelves elsewhere.',
  version: '1.0.0',
  operations: {
    counted: operation({
      method: 'GET',
      path: '/counted',
      summary: 'What was counted, in its order',
      access: 'public',
      idempotency: 'safe',
      reply: t.Object({ names: t.Array(t.String()) }),
    }),
  },
});

const counter = service({
  contract: counterContract,
  migrations: [{ name: '001-counted', sql: 'CREATE TABLE counted (name TEXT NOT NULL)' }],
  setup: ({ store }) => ({
    handlers: {
      async counted() {
        const rows = await store.prepare<{ name: string }>('SELECT name FROM counted ORDER BY rowid').all();
        return { names: rows.map(({ name }) => name) };
      },
    },
    consumers: [
      consumer({
        event: thingPut,
        handle: async ({ name }, { tx }) => void (await tx.prepare('INSERT INTO counted VALUES (?)').run(name)),
      }),
    ],
  }),
});

async function startShelf(env: Record<string, string>) {
  const child = fork(fileURLToPath(new URL('./shelf.process.ts', import.meta.url)), {
    env: { ...process.env, PORT: '0', LOG_LEVEL: 'silent', ...env },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [url] = (await once(child, 'message')) as [string];
  const shelf = connect(shelfContract, { url });
  onTestFinished(() => shelf[Symbol.asyncDispose]());
  return { child, put: (name: string) => shelf.put({ body: { name } }, { idempotencyKey: name }) };
}

it.skipIf(noNatsServer)(
  `carries an event from one process to another once, whichever was away when it happened${noNatsServer ? ` (${noNatsServer})` : ''}`,
  async () => {
    await using server = await startNatsServer();
    const [env, home, shelfHome] = [{ NATS_URL: server.url }, await testFolder(), await testFolder()];
    const counting = () => testHost({ services: [counter], home, env: { PORT: '0', LOG_LEVEL: 'silent', ...env } });
    let host = await counting();
    const counted = (names: string[]) =>
      vi.waitUntil(async () => (await host.client(counterContract).counted({})).names.length === names.length, {
        timeout: 20_000,
      });
    let shelf = await startShelf({ ...env, RELEARN_HOME: shelfHome });
    await shelf.put('lamp');
    await counted(['lamp']);
    await server.stop('SIGKILL');
    await shelf.put('chair');
    shelf.child.kill('SIGKILL');
    await host.close();
    await server.start();
    shelf = await startShelf({ ...env, RELEARN_HOME: shelfHome });
    await shelf.put('table');
    host = await counting();
    await counted(['lamp', 'chair', 'table']);
    const { names } = await host.client(counterContract).counted({});
    expect(names.sort()).toEqual(['chair', 'lamp', 'table']);
  },
  60_000,
);
