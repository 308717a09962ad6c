import type { Migration } from 'relearn';

/** Lists go by time and id, for a running number would tell how many orders there are. */
export const migrations: readonly Migration[] = [
  {
    name: '001-orders',
    sql: `
      CREATE TABLE orders (
        id TEXT PRIMARY KEY,
        number TEXT NOT NULL UNIQUE,
        user_id TEXT,
        visitor_id TEXT,
        status TEXT NOT NULL,
        saga TEXT NOT NULL,
        placed TEXT NOT NULL,
        shipment TEXT,
        revision INTEGER NOT NULL,
        placed_at_ms INTEGER NOT NULL,
        changed_at_ms INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX orders_by_time ON orders (placed_at_ms, id);
      CREATE INDEX orders_by_status ON orders (status, placed_at_ms, id);
      CREATE INDEX orders_by_user ON orders (user_id, placed_at_ms, id) WHERE user_id IS NOT NULL;
      CREATE INDEX orders_by_visitor ON orders (visitor_id, placed_at_ms, id) WHERE visitor_id IS NOT NULL;
      CREATE TABLE order_history (
        order_id TEXT NOT NULL REFERENCES orders,
        revision INTEGER NOT NULL,
        at_ms INTEGER NOT NULL,
        happened TEXT NOT NULL,
        status TEXT NOT NULL,
        by TEXT NOT NULL,
        note TEXT,
        PRIMARY KEY (order_id, revision)
      ) STRICT, WITHOUT ROWID;
    `,
  },
  { name: '002-forgotten', sql: 'ALTER TABLE orders ADD COLUMN forgotten INTEGER NOT NULL DEFAULT 0;' },
];
