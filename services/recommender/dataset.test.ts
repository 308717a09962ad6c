import { join } from 'node:path';
import { openSqliteStore } from 'relearn';
import { temporaryHome } from 'relearn/testing';
import { expect, test } from 'vitest';
import { loadDataset } from './dataset.ts';
import { InteractionLog } from './interaction-log.ts';
import { migrations } from './migrations.ts';

const clock = () => 1_000_000;
const deed = (itemId: string, more: object) => ({ userId: 'ada', itemId, ...more });

test('reads prices of what was bought, and what items that somebody touched say of themselves', async () => {
  await using home = await temporaryHome();
  const store = await openSqliteStore({ path: join(home.path, 'log.db'), migrations, source: 'test', clock });
  const log = await InteractionLog.open(store, clock);
  await log.record([
    deed('pot', { kind: 'purchase', quantity: 4, value: 10, atMs: 1 }),
    deed('cup', { kind: 'rating', value: 5, atMs: 2 }),
    deed('tea', { kind: 'purchase', atMs: 3 }),
  ]);
  for (const [change, item] of ['tea', 'never touched'].entries()) {
    await store.transact((tx) =>
      tx
        .prepare(`INSERT INTO products VALUES (?, 1, ?, 'Green Tea', '["drinks"]', '["leaf"]', 500, 1, 1)`)
        .run(item, change),
    );
  }
  const { data } = await loadDataset(store, { signal: new AbortController().signal });
  const named = (item: string) => data.itemIds.indexOf(log.items.find(item)!);
  const priced = new Map(Array.from(data.items, (item, row) => [item, data.prices[row]]));
  expect(['pot', 'cup', 'tea'].map((item) => priced.get(named(item)))).toEqual([2.5, Number.NaN, Number.NaN]);
  expect(data.contents[named('tea')]).toEqual({ text: 'Green Tea', attributes: ['category drinks', 'tag leaf'] });
  expect([data.contents.length, data.contents[named('pot')]]).toEqual([3, undefined]);
  await log.close();
  await store.close();
});
