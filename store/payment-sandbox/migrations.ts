import type { Migration } from 'relearn';

export const migrations: readonly Migration[] = [
  {
    name: '001-intents',
    sql: `
      CREATE TABLE intent (
        id TEXT PRIMARY KEY,
        reference TEXT NOT NULL,
        state TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE event (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        reference TEXT NOT NULL,
        body TEXT NOT NULL,
        acknowledgements INTEGER NOT NULL DEFAULT 0
      ) STRICT;
      CREATE INDEX event_by_reference ON event (reference, seq);
      CREATE TABLE webhook_secret (
        secret TEXT NOT NULL
      ) STRICT;
    `,
  },
];
