import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { insertMany, openSqliteStore, type SqlValue, type Store } from './index.ts';

const columns = ['id', 'text'];
let folder: string;
let store: Store;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'insert-many-'));
  store = await openSqliteStore({
    path: join(folder, 'notes.db'),
    migrations: [{ name: '001-notes', sql: 'CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)' }],
    source: 'notes',
    clock: () => 1_000,
  });
});

afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

type Conflict = Parameters<typeof insertMany>[4];
const insert = (rows: SqlValue[][], conflict?: Conflict) =>
  store.transact((tx) => insertMany(tx, 'notes', columns, rows, conflict));
const notes = () => store.prepare('SELECT id, text FROM notes ORDER BY id').all();

test.each([
  ['ignore', 1, 'old'],
  ['replace', 2, 'new'],
] as const)('a row whose key is there is treated as told: %s', async (conflict, written, text) => {
  await insert([[1, 'old']]);
  const rows = [
    [1, 'new'],
    [2, 'second'],
  ];
  expect(await insert(rows, conflict)).toBe(written);
  expect(await notes()).toEqual([
    { id: 1, text },
    { id: 2, text: 'second' },
  ]);
});

test.each(['fail', 'ignore', 'replace'] as const)('a missing value is an error, also with %s', async (conflict) => {
  const rows = [
    [1, null],
    [2, 'second'],
  ];
  await expect(insert(rows, conflict)).rejects.toThrow('NOT NULL');
  expect(await notes()).toEqual([]);
});

test('a row of another length is named, and nothing is written', async () => {
  const work = store.transact(async (tx) => {
    const rows: SqlValue[][] = [[1, 'first'], [2, 'second', 3], ['fourth']];
    await expect(insertMany(tx, 'notes', columns, rows)).rejects.toThrow(
      new RangeError('Row 1 for notes has 3 values, but there are 2 columns.'),
    );
  });
  await work;
  expect(await notes()).toEqual([]);
});
