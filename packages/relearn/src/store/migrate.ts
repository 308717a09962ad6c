import { createHash } from 'node:crypto';
import type { SqliteConnection } from './sqlite-connection.ts';
import type { Migration } from './store.ts';

/** A released migration was changed or taken away; the store is left as it was. */
export class MigrationMismatch extends Error {
  override readonly name = 'MigrationMismatch';
}

/** Tables every store has: events to send and sent, events taken, replies kept under their key, jobs to perform. */
const framework: readonly Migration[] = [
  {
    name: 'relearn-001-queues',
    sql: `
      CREATE TABLE relearn_outbox (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        type TEXT NOT NULL,
        key TEXT NOT NULL,
        source TEXT NOT NULL,
        at_ms INTEGER NOT NULL,
        traceparent TEXT,
        payload TEXT NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        due_at_ms INTEGER NOT NULL DEFAULT 0,
        parked INTEGER NOT NULL DEFAULT 0,
        error TEXT
      );
      CREATE INDEX relearn_outbox_failing ON relearn_outbox (key, due_at_ms) WHERE attempts > 0 AND parked = 0;
      CREATE TABLE relearn_inbox (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL,
        type TEXT NOT NULL,
        key TEXT NOT NULL,
        message TEXT,
        received_at_ms INTEGER NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        due_at_ms INTEGER NOT NULL DEFAULT 0,
        state TEXT NOT NULL CHECK (state IN ('done', 'waiting', 'parked')),
        error TEXT,
        UNIQUE (id, type)
      );
      CREATE INDEX relearn_inbox_open ON relearn_inbox (type, key, sequence) WHERE state = 'waiting';
      CREATE INDEX relearn_inbox_received ON relearn_inbox (received_at_ms) WHERE state = 'done';
      CREATE TABLE relearn_once (
        scope TEXT NOT NULL,
        key TEXT NOT NULL,
        request_hash TEXT NOT NULL,
        reply TEXT NOT NULL,
        at_ms INTEGER NOT NULL,
        PRIMARY KEY (scope, key)
      ) WITHOUT ROWID;
      CREATE INDEX relearn_once_age ON relearn_once (at_ms);`,
  },
  {
    name: 'relearn-002-jobs',
    sql: `
      CREATE TABLE relearn_jobs (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        key TEXT,
        payload TEXT NOT NULL,
        traceparent TEXT,
        at_ms INTEGER NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        due_at_ms INTEGER NOT NULL,
        parked INTEGER NOT NULL DEFAULT 0,
        error TEXT,
        UNIQUE (key, name)
      );
      CREATE INDEX relearn_jobs_due ON relearn_jobs (name, due_at_ms) WHERE parked = 0;
      CREATE INDEX relearn_jobs_next ON relearn_jobs (due_at_ms) WHERE parked = 0;`,
  },
  {
    name: 'relearn-003-parked',
    sql: `
      CREATE INDEX relearn_outbox_parked ON relearn_outbox (sequence) WHERE parked = 1;
      CREATE INDEX relearn_inbox_parked ON relearn_inbox (sequence) WHERE state = 'parked';
      CREATE INDEX relearn_jobs_parked ON relearn_jobs (sequence) WHERE parked = 1;`,
  },
  {
    name: 'relearn-004-sent',
    sql: `
      CREATE TABLE relearn_sent (
        sequence INTEGER PRIMARY KEY,
        id TEXT NOT NULL,
        type TEXT NOT NULL,
        key TEXT NOT NULL,
        source TEXT NOT NULL,
        at_ms INTEGER NOT NULL,
        traceparent TEXT,
        payload TEXT NOT NULL,
        sent_at_ms INTEGER NOT NULL
      );
      CREATE INDEX relearn_sent_age ON relearn_sent (sent_at_ms, sequence);
      CREATE INDEX relearn_outbox_key ON relearn_outbox (type, key);`,
  },
];

/**
 * Brings the store forward: applies, each in a transaction, the migrations it has not seen, the framework's before the service's, in
 * the order of their names. @throws MigrationMismatch when one that was applied is gone or reads otherwise.
 */
export function migrate({ raw }: SqliteConnection, migrations: readonly Migration[], nowMs: number): void {
  raw.exec(
    'CREATE TABLE IF NOT EXISTS relearn_migrations (name TEXT PRIMARY KEY, hash TEXT NOT NULL, at_ms INTEGER NOT NULL) WITHOUT ROWID',
  );
  const known = [...framework, ...[...migrations].sort((a, b) => (a.name < b.name ? -1 : 1))];
  const applied = raw.prepare('SELECT name, hash FROM relearn_migrations').all() as { name: string; hash: string }[];
  for (const { name, hash } of applied) checkApplied(name, hash, known);
  const appliedNames = new Set(applied.map(({ name }) => name));
  const record = raw.prepare('INSERT INTO relearn_migrations (name, hash, at_ms) VALUES (?, ?, ?)');
  for (const { name, sql } of known) {
    if (appliedNames.has(name)) continue;
    raw.transaction(() => {
      raw.exec(sql);
      record.run(name, hashOf(sql), nowMs);
    })();
  }
}

function checkApplied(name: string, hash: string, known: readonly Migration[]): void {
  const migration = known.find((each) => each.name === name);
  if (!migration)
    throw new MigrationMismatch(
      `Migration ${name} was applied, but this code does not have it: run the version that wrote the data, or a newer one.`,
    );
  if (hashOf(migration.sql) !== hash)
    throw new MigrationMismatch(
      `Migration ${name} was changed after it had been applied: undo the change and write a new migration.`,
    );
}

function hashOf(sql: string): string {
  return createHash('sha256').update(sql.replace(/\s+/g, ' ').trim()).digest('hex');
}
