import type { Migration } from 'relearn';

/**
 * `interactions` is a log: rows are only appended, in the order they were acknowledged, which costs SQLite a tenth of what rows in the order
 * of their ids would. What needs another order is derived from it: `histories` (each person's newest interactions, packed) holds
 * everything up to `progress.through`, or further where a row says so; what came after is read from the log's end at start.
 */
export const migrations: readonly Migration[] = [
  {
    name: '001-interactions',
    sql: `
      CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
      CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
      CREATE TABLE kinds (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
      CREATE TABLE interactions (
        sequence INTEGER PRIMARY KEY,
        person INTEGER NOT NULL,
        item INTEGER NOT NULL,
        kind INTEGER NOT NULL,
        at_ms INTEGER NOT NULL,
        weight REAL NOT NULL,
        quantity REAL NOT NULL,
        timed INTEGER NOT NULL,
        id_high INTEGER,
        id_low INTEGER,
        value REAL,
        basket TEXT,
        decision TEXT,
        slot INTEGER,
        context TEXT
      );
      CREATE TABLE histories (person INTEGER PRIMARY KEY, through INTEGER NOT NULL, entries BLOB NOT NULL);
      CREATE TABLE progress (name TEXT PRIMARY KEY, through INTEGER NOT NULL) WITHOUT ROWID;
      INSERT INTO progress (name, through) VALUES ('histories', 0);`,
  },
  {
    name: '002-products',
    sql: `
      CREATE TABLE products (
        item TEXT PRIMARY KEY,
        revision INTEGER NOT NULL,
        change INTEGER NOT NULL,
        title TEXT NOT NULL,
        categories TEXT NOT NULL,
        tags TEXT NOT NULL,
        price_minor INTEGER NOT NULL,
        in_stock INTEGER NOT NULL,
        active INTEGER NOT NULL
      ) WITHOUT ROWID;
      CREATE INDEX products_by_change ON products (change);`,
  },
  {
    name: '003-impressions',
    sql: `
      CREATE TABLE impressions (
        decision TEXT NOT NULL,
        slot INTEGER NOT NULL,
        item TEXT NOT NULL,
        person TEXT NOT NULL,
        at_ms INTEGER NOT NULL,
        PRIMARY KEY (decision, slot)
      ) WITHOUT ROWID;
      CREATE INDEX impressions_by_person ON impressions (person);`,
  },
  {
    name: '004-forgotten',
    sql: `
      CREATE TABLE forgotten (
        high INTEGER NOT NULL,
        low INTEGER NOT NULL,
        through_ms INTEGER NOT NULL,
        PRIMARY KEY (high, low)
      ) WITHOUT ROWID;
      CREATE TABLE erasing (person INTEGER PRIMARY KEY);`,
  },
];
