import type { Migration } from 'relearn';

/**
 * `product_text` finds, by stems. `product_words` holds the words as they are written, to correct typing errors from. Both hold
 * active products alone, under the product's `seq`.
 */
export const migrations: readonly Migration[] = [
  {
    name: '001-products',
    sql: `
      CREATE TABLE product (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        title TEXT NOT NULL,
        description TEXT NOT NULL,
        price_minor INTEGER NOT NULL,
        currency TEXT NOT NULL,
        categories TEXT NOT NULL,
        tags TEXT NOT NULL,
        picture_url TEXT,
        stock INTEGER NOT NULL,
        attributes TEXT NOT NULL,
        active INTEGER NOT NULL,
        revision INTEGER NOT NULL,
        changed_at_ms INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE product_category (
        category TEXT NOT NULL,
        seq INTEGER NOT NULL REFERENCES product,
        PRIMARY KEY (category, seq)
      ) STRICT, WITHOUT ROWID;
      CREATE VIRTUAL TABLE product_text USING fts5 (
        title, tags, categories, description,
        content = '', contentless_delete = 1, prefix = '2 3', tokenize = 'porter unicode61 remove_diacritics 2'
      );
      CREATE VIRTUAL TABLE product_words USING fts5 (
        words, content = '', contentless_delete = 1, detail = 'none', tokenize = 'unicode61 remove_diacritics 2'
      );
      CREATE VIRTUAL TABLE product_vocabulary USING fts5vocab (product_words, 'row');
    `,
  },
  {
    name: '002-reservations',
    sql: `
      CREATE TABLE reservation (
        id TEXT PRIMARY KEY,
        state TEXT NOT NULL,
        lines TEXT NOT NULL,
        expires_at_ms INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
    `,
  },
];
