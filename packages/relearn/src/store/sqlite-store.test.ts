import { mkdtemp, readdir, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { IdempotencyKeyReused, insertMany, openReadOnlyStore, openSqliteStore, runOnce, type Store } from './index.ts';

const migrations = [
  { name: '001-notes', sql: 'CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE)' },
];
const clock = () => 1_000;
let folder: string;
let path: string;
let store: Store;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'store-'));
  path = join(folder, 'notes.db');
  store = await openSqliteStore({ path, migrations, source: 'notes', clock });
});

afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

const write = (text: string) => store.transact((tx) => tx.prepare('INSERT INTO notes (text) VALUES (?)').run(text));
const texts = async () =>
  (await store.prepare<{ text: string }>('SELECT text FROM notes ORDER BY id').all()).map((row) => row.text);

test('what was acknowledged is read at once, and by another connection', async () => {
  await write('first');
  expect(await texts()).toEqual(['first']);
  const other = await openReadOnlyStore(path);
  expect(await other.prepare('SELECT count(*) AS n FROM notes').get()).toEqual({ n: 1 });
  await expect(other.transact(() => undefined)).rejects.toThrow('opened to read');
  await other.close();
});

test('works that fail are undone alone; the others stay, in the order they came', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('keep', 'throw', 'duplicate', 'late'), { maxLength: 40 }),
      async (kinds) => {
        await store.transact((tx) => tx.prepare('DELETE FROM notes').run());
        await write('taken');
        const outcomes = await Promise.allSettled(
          kinds.map((kind, index) =>
            store.transact(async (tx) => {
              await tx.prepare('INSERT INTO notes (text) VALUES (?)').run(`${index}`);
              if (kind === 'late') await Promise.resolve();
              if (kind === 'throw') throw new Error('changed its mind');
              if (kind === 'duplicate') await tx.prepare("INSERT INTO notes (text) VALUES ('taken')").run();
              return index;
            }),
          ),
        );
        const kept = kinds.flatMap((kind, index) => (kind === 'keep' || kind === 'late' ? [index] : []));
        expect(outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))).toEqual(kept);
        expect(await texts()).toEqual(['taken', ...kept.map(String)]);
      },
    ),
    { numRuns: 30 },
  );
});

test('a read does not see a transaction that is still open', async () => {
  let seen: string[] = [];
  await store.transact(async (tx) => {
    await tx.prepare("INSERT INTO notes (text) VALUES ('pending')").run();
    seen = await texts();
  });
  expect(seen).toEqual([]);
  expect(await texts()).toEqual(['pending']);
});

test('a work that awaits something else is refused, undone, and can write no more', async () => {
  const escaped: Promise<unknown>[] = [];
  const work = store.transact(async (tx) => {
    await tx.prepare("INSERT INTO notes (text) VALUES ('held up')").run();
    escaped.push(sleep(1_300).then(() => tx.prepare("INSERT INTO notes (text) VALUES ('too late')").run()));
    await escaped[0];
  });
  await expect(work).rejects.toThrow('may await the store alone');
  await expect(escaped[0]).rejects.toThrow('has ended');
  expect(await texts()).toEqual([]);
  await write('goes on');
  expect(await texts()).toEqual(['goes on']);
});

test('what a work keeps refuses to write once the work has ended, outside a transaction and inside another', async () => {
  const { statement, query } = await store.transact((tx) => ({
    statement: tx.prepare("INSERT INTO notes (text) VALUES ('kept statement')"),
    query: tx.query.insertInto('notes').values({ text: 'kept query' }),
  }));
  const refused = async () => {
    await expect(statement.run()).rejects.toThrow('has ended');
    await expect(query.execute()).rejects.toThrow('has ended');
  };
  await refused();
  await store.transact(async (tx) => {
    await tx.query.insertInto('notes').values({ text: 'its own' }).execute();
    await refused();
  });
  expect(await texts()).toEqual(['its own']);
});

test('a long work leaves the event loop its turns, and its time in the store does not count against it', async () => {
  let turns = 0;
  let going = true;
  const count = () => {
    turns++;
    if (going) setImmediate(count);
  };
  setImmediate(count);
  const slow = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) SELECT sum(i) FROM n';
  let turnsInside = 0;
  await store.transact(async (tx) => {
    const turnsBefore = turns;
    const startedAtMs = performance.now();
    while (performance.now() - startedAtMs < 1_500) await tx.prepare(slow).get();
    await tx.prepare("INSERT INTO notes (text) VALUES ('long')").run();
    turnsInside = turns - turnsBefore;
  });
  going = false;
  expect(turnsInside).toBeGreaterThan(10);
  expect(await texts()).toEqual(['long']);
});

test('a deferred constraint fails the guilty work alone, and the store stays well', async () => {
  await store.transact((tx) =>
    tx.prepare('CREATE TABLE stars (note INTEGER REFERENCES notes (id) DEFERRABLE INITIALLY DEFERRED)').run(),
  );
  const outcomes = await Promise.allSettled([
    write('before'),
    store.transact((tx) => tx.prepare('INSERT INTO stars (note) VALUES (99)').run()),
    write('after'),
    write('after'),
  ]);
  expect(outcomes).toMatchObject([
    { status: 'fulfilled' },
    { status: 'rejected', reason: { code: 'SQLITE_CONSTRAINT_FOREIGNKEY' } },
    { status: 'fulfilled' },
    { status: 'rejected', reason: { code: 'SQLITE_CONSTRAINT_UNIQUE' } },
  ]);
  expect(store.health()).toBeUndefined();
  expect(await texts()).toEqual(['before', 'after']);
});

test('a listener that throws holds up nothing', async () => {
  const eventType = { type: 'note.added.v1', key: () => 'k' } as never;
  const warned = new Promise<Error>((resolve) => process.once('warning', resolve));
  store.onPublished(() => {
    throw new Error('not listening');
  });
  await store.transact((tx) => tx.publish(eventType, {} as never));
  await write('goes on');
  expect((await warned).message).toMatch('not listening');
});

test('a file that cannot be opened is let go', async () => {
  const locked = join(folder, 'wrong.db');
  const open = (sql: string) =>
    openSqliteStore({ path: locked, migrations: [{ name: '001', sql }], source: 'notes', clock });
  await expect(open('CREATE TABLE')).rejects.toThrow('incomplete input');
  const descriptors = await readdir('/proc/self/fd').catch(() => undefined);
  if (descriptors) {
    const targets = await Promise.all(descriptors.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')));
    expect(targets.filter((target) => target.startsWith(locked))).toEqual([]);
  }
  await (await open('CREATE TABLE fine (id INTEGER)')).close();
});

test('a full disk fails the write, makes the store unwell, and nothing is half there', async () => {
  const small = new Database(join(folder, 'small.db'));
  small.close();
  const full = await openSqliteStore({ path: join(folder, 'full.db'), migrations, source: 'notes', clock });
  const pages = await full.transact((tx) => tx.prepare<{ page_count: number }>('PRAGMA page_count').get());
  await full.transact((tx) => tx.prepare(`PRAGMA max_page_count = ${(pages?.page_count ?? 0) + 4}`).get());
  const big = 'x'.repeat(100_000);
  const [small1, large] = await Promise.allSettled([
    full.transact((tx) => tx.prepare("INSERT INTO notes (text) VALUES ('small')").run()),
    full.transact((tx) => tx.prepare('INSERT INTO notes (text) VALUES (?)').run(big)),
  ]);
  expect(large).toMatchObject({ status: 'rejected', reason: { name: 'StoreUnavailable' } });
  expect(small1).toMatchObject({ status: 'rejected', reason: { name: 'StoreUnavailable' } });
  expect(full.health()).toMatch('the disk is full');
  await full.transact((tx) => tx.prepare("INSERT INTO notes (text) VALUES ('small')").run());
  expect(full.health()).toBeUndefined();
  expect(await full.prepare('SELECT text FROM notes').all()).toEqual([{ text: 'small' }]);
  await full.close();
});

test('a database that another process holds is waited for, then reported', async () => {
  const other = new Database(path);
  other.exec('BEGIN IMMEDIATE');
  const waiting = write('waited');
  await sleep(50);
  other.exec('COMMIT');
  await waiting;
  other.exec('BEGIN IMMEDIATE');
  await expect(write('refused')).rejects.toMatchObject({ name: 'StoreUnavailable' });
  expect(store.health()).toMatch('locked by another process');
  expect(await texts()).toEqual(['waited']);
  other.exec('COMMIT');
  other.close();
  await write('again');
  expect(store.health()).toBeUndefined();
});

test('migrations are applied once, and a changed or missing one is named', async () => {
  await write('kept');
  await store.close();
  const next = [...migrations, { name: '002-stars', sql: 'ALTER TABLE notes ADD COLUMN stars INTEGER' }];
  store = await openSqliteStore({ path, migrations: next, source: 'notes', clock });
  expect(await store.prepare('SELECT text, stars FROM notes').all()).toEqual([{ text: 'kept', stars: null }]);
  await store.close();
  const changed = [{ name: '001-notes', sql: 'CREATE TABLE notes (id TEXT)' }];
  const open = (wrong: typeof migrations) => openSqliteStore({ path, migrations: wrong, source: 'notes', clock });
  await expect(open([...changed, next[1]!])).rejects.toThrow('001-notes was changed');
  await expect(open(migrations)).rejects.toThrow('002-stars was applied');
  store = await open(next);
});

test('a repeated key gets the first reply without the effect; another request under it is refused', async () => {
  const once = (requestHash: string, nowMs = 0) =>
    runOnce(store, { scope: 'notes.add', key: 'k', requestHash, nowMs }, async (tx) => {
      const { changes } = await tx.prepare('INSERT INTO notes (text) VALUES (?)').run(`note ${nowMs}`);
      return { changes };
    });
  expect(await Promise.all([once('a'), once('a'), once('a')])).toEqual(Array(3).fill({ changes: 1 }));
  await expect(once('b')).rejects.toBeInstanceOf(IdempotencyKeyReused);
  expect(await texts()).toEqual(['note 0']);
  await once('b', 2 * 86_400_000);
  expect(await texts()).toHaveLength(2);
});

test('a work that fails leaves no reply behind its key', async () => {
  const key = { scope: 's', key: 'k', requestHash: 'h', nowMs: 0 };
  await expect(runOnce(store, key, () => Promise.reject(new Error('not now')))).rejects.toThrow('not now');
  expect(await runOnce(store, key, async () => 'now')).toBe('now');
});

test('many rows go in with few statements', async () => {
  const rows = Array.from({ length: 12_345 }, (_, index) => [index + 1, `note ${index}`]);
  expect(await store.transact((tx) => insertMany(tx, 'notes', ['id', 'text'], rows))).toBe(12_345);
  expect(await store.transact((tx) => insertMany(tx, 'notes', ['id', 'text'], rows, 'ignore'))).toBe(0);
  expect(await store.prepare('SELECT count(*) AS n, max(id) AS last FROM notes').get()).toEqual({
    n: 12_345,
    last: 12_345,
  });
});
