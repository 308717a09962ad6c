import type { Migration } from 'relearn';

export const migrations: readonly Migration[] = [
  {
    name: '001-carts',
    sql: `
      CREATE TABLE carts (
        owner TEXT PRIMARY KEY,
        revision INTEGER NOT NULL,
        lines TEXT NOT NULL,
        changed_at_ms INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
    `,
  },
];
