import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { shelfContract, shelfService } from './shelf.fixture.ts';
import { testFolder, testHost } from './test-host.ts';

it('answers 503 and turns unready while the database is locked, and recovers', async () => {
  const home = await testFolder();
  const host = await testHost({ services: [shelfService()], home });
  const client = host.client(shelfContract);
  const other = new Database(join(home, 'shelf', 'shelf.db'));
  other.exec('BEGIN IMMEDIATE');
  await expect(client.put({ body: { name: 'lamp' } }, { timeoutMs: 15_000 })).rejects.toMatchObject({
    code: 'store-unavailable',
    status: 503,
  });
  const unready = await fetch(`${host.url}/health/ready`);
  expect(unready.status).toBe(503);
  expect(await unready.json()).toMatchObject({ reasons: { shelf: { store: expect.stringContaining('locked') } } });
  other.exec('ROLLBACK');
  other.close();
  await expect
    .poll(() =>
      client.put({ body: { name: 'lamp' } }).then(
        ({ name }) => name,
        () => undefined,
      ),
    )
    .toBe('lamp');
  expect((await fetch(`${host.url}/health/ready`)).status).toBe(200);
});
