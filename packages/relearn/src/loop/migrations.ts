import type { Migration } from '../store/store.ts';

/** Tables of every AI service, beside its own. `examples.seq` is the log offset that a version's data range speaks of. */
export const loopMigrations: readonly Migration[] = [
  {
    name: '000-loop',
    sql: `
      CREATE TABLE examples (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        decision_id TEXT UNIQUE,
        feature_revision INTEGER NOT NULL,
        features TEXT NOT NULL,
        outcome TEXT NOT NULL,
        reward REAL,
        at_ms INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE versions (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        record TEXT NOT NULL,
        golden BLOB NOT NULL,
        state TEXT NOT NULL,
        reason TEXT
      ) STRICT;
      CREATE TABLE training_runs (
        id TEXT PRIMARY KEY,
        state TEXT NOT NULL,
        started_at_ms INTEGER NOT NULL,
        run TEXT NOT NULL
      ) STRICT;
      CREATE INDEX training_runs_by_start ON training_runs (started_at_ms);
    `,
  },
  {
    name: '000-loop-units',
    sql: `
      ALTER TABLE examples ADD COLUMN unit TEXT;
      CREATE INDEX examples_by_unit ON examples (unit) WHERE unit IS NOT NULL;
    `,
  },
];

/** The decision log, in a file of its own. */
export const decisionMigrations: readonly Migration[] = [
  {
    name: '000-decisions',
    sql: `
      CREATE TABLE decisions (
        id TEXT PRIMARY KEY,
        at_ms INTEGER NOT NULL,
        unit TEXT NOT NULL,
        surface TEXT NOT NULL,
        version TEXT,
        degraded INTEGER NOT NULL,
        feature_revision INTEGER NOT NULL,
        features TEXT NOT NULL,
        output TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
    `,
  },
];
