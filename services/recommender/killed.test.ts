import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { connect, openReadOnlyStore, ownToken, startHost } from 'relearn';
import { seededRandom, temporaryHome } from 'relearn/testing';
import { expect, onTestFinished, test } from 'vitest';
import { recommenderContract } from './contract.ts';
import recommender from './main.ts';
import { teller, tellerContract } from './teller.fixture.ts';

const program = fileURLToPath(new URL('./recommender.process.ts', import.meta.url));
const BATCHES = 400;
const BATCH_ROWS = 25;

async function started(home: string) {
  const child: ChildProcess = fork(program, {
    env: { ...process.env, PORT: '0', LOG_LEVEL: 'silent', RELEARN_HOME: home },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [url] = (await once(child, 'message')) as [string];
  const options = { url, attemptsMax: 1, token: await ownToken(home) };
  return { child, client: connect(recommenderContract, options), told: connect(tellerContract, options) };
}

type Client = Awaited<ReturnType<typeof started>>['client'];

const batchOf = (batch: number) =>
  Array.from({ length: BATCH_ROWS }, (_, row) => ({
    id: `${batch}-${row}`,
    kind: 'purchase',
    userId: `user-${row}`,
    itemId: `item-${batch % 7}`,
  }));

/** Sends every batch, four at a time; adds those that were acknowledged. Ends when the process does. */
async function send(client: Client, acknowledged: Set<number>): Promise<{ accepted: number; duplicates: number }> {
  const total = { accepted: 0, duplicates: 0 };
  const batches = Array.from({ length: BATCHES }, (_, batch) => batch).values();
  async function sendInTurn() {
    for (const batch of batches) {
      const report = await client.recordInteractions({ body: { interactions: batchOf(batch) } });
      acknowledged.add(batch);
      total.accepted += report.accepted;
      total.duplicates += report.duplicates;
    }
  }
  await Promise.allSettled([1, 2, 3, 4].map(sendInTurn));
  return total;
}

test('an ingest killed in the middle, and sent again, misses nothing acknowledged and counts nothing twice', async () => {
  await using home = await temporaryHome();
  const random = seededRandom(11);
  const acknowledged = new Set<number>();
  for (let kill = 0; kill < 3; kill++) {
    const { child, client } = await started(home.path);
    const known = acknowledged.size;
    const sending = send(client, acknowledged);
    while (acknowledged.size === known && acknowledged.size < BATCHES) await sleep(1);
    await sleep(random() * 40);
    child.kill('SIGKILL');
    await sending;
    await client[Symbol.asyncDispose]();
  }
  const host = await startHost({
    services: [recommender],
    home: home.path,
    listen: false,
    env: { LOG_LEVEL: 'silent' },
  });
  const client = host.client(recommenderContract);
  for (const batch of acknowledged) {
    const again = await client.recordInteractions({ body: { interactions: batchOf(batch) } });
    expect(again).toMatchObject({ accepted: 0, duplicates: BATCH_ROWS });
  }
  const { accepted, duplicates } = await send(client as Client, acknowledged);
  expect(accepted + duplicates).toBe(BATCHES * BATCH_ROWS);
  const { users } = await client.listUsers({ query: { limit: 1000 } });
  expect(users.map(({ interactions }) => interactions)).toEqual(Array(BATCH_ROWS).fill(BATCHES));
  await host.close();
});

test('forgetting killed in the middle goes on after a restart, until nothing is left', async () => {
  await using home = await temporaryHome();
  const random = seededRandom(12);
  const path = join(home.path, 'recommender', 'recommender.db');
  for (let kill = 0; kill < 5; kill++) {
    const { child, client, told } = await started(home.path);
    const [gone, stays] = [`gone-${kill}`, `stays-${kill}`];
    const rows = (userId: string) =>
      Array.from({ length: 5_000 }, (_, item) => ({ kind: 'view', userId, itemId: `item-${item}` }));
    for (const userId of [gone, stays, gone]) {
      await client.recordInteractions({ body: { interactions: rows(userId) } });
    }
    await told.deleteUser({ body: { userId: gone, visitorIds: [], deletedAtMs: 1 } });
    await sleep(random() * 40);
    child.kill('SIGKILL');
    await once(child, 'close');
    await client[Symbol.asyncDispose]();
    await told[Symbol.asyncDispose]();
  }
  const host = await startHost({
    services: [recommender, teller()],
    home: home.path,
    listen: false,
    env: { LOG_LEVEL: 'silent' },
  });
  const left = async () => {
    const store = await openReadOnlyStore(path);
    const people = await store.prepare<{ name: string }>("SELECT name FROM people WHERE name LIKE 'u:%'").all();
    const { rows } = (await store.prepare<{ rows: number }>('SELECT count(*) AS rows FROM interactions').get())!;
    await store.close();
    return { people: people.map(({ name }) => name), rows };
  };
  const people = [0, 1, 2, 3, 4].map((kill) => `u:stays-${kill}`);
  await expect.poll(left, { timeout: 20_000 }).toEqual({ people, rows: 5 * 5_000 });
  const client = host.client(recommenderContract);
  await client.recordInteractions({ body: { interactions: [{ kind: 'view', userId: 'late', itemId: 'item-0' }] } });
  await host.close();
  const store = await openReadOnlyStore(path);
  const { newest } = (await store
    .prepare<{ newest: number }>('SELECT max(sequence) AS newest FROM interactions')
    .get())!;
  await store.close();
  expect(newest).toBe(5 * 15_000 + 1);
}, 60_000);
