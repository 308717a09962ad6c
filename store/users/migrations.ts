import type { Migration } from 'relearn';

/** Passwords, links, refresh tokens and API keys are kept as hashes alone. */
export const migrations: readonly Migration[] = [
  {
    name: '001-users',
    sql: `
      CREATE TABLE users (
        id TEXT PRIMARY KEY,
        email TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        role TEXT NOT NULL,
        password_hash TEXT NOT NULL,
        created_at_ms INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX operators ON users (role) WHERE role = 'operator';
      CREATE TABLE visitors (
        user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
        visitor_id TEXT NOT NULL,
        PRIMARY KEY (user_id, visitor_id)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE sessions (
        id TEXT PRIMARY KEY,
        user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
        visitor_id TEXT,
        device TEXT NOT NULL,
        refresh_hash BLOB NOT NULL,
        created_at_ms INTEGER NOT NULL,
        refreshed_at_ms INTEGER NOT NULL,
        expires_at_ms INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX sessions_by_user ON sessions (user_id);
      CREATE INDEX sessions_by_end ON sessions (expires_at_ms);
      CREATE TABLE links (
        hash BLOB PRIMARY KEY,
        purpose TEXT NOT NULL,
        email TEXT NOT NULL,
        user_id TEXT REFERENCES users ON DELETE CASCADE,
        asked_at_ms INTEGER NOT NULL,
        expires_at_ms INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX links_by_user ON links (user_id) WHERE user_id IS NOT NULL;
      CREATE INDEX links_by_end ON links (expires_at_ms);
      CREATE TABLE addresses (
        user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
        id TEXT NOT NULL,
        created_at_ms INTEGER NOT NULL,
        address TEXT NOT NULL,
        PRIMARY KEY (user_id, id)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE api_keys (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        prefix TEXT NOT NULL,
        hash BLOB NOT NULL UNIQUE,
        scopes TEXT NOT NULL,
        created_at_ms INTEGER NOT NULL,
        used_at_ms INTEGER,
        revoked_at_ms INTEGER
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE signing_keys (
        id TEXT PRIMARY KEY,
        private_jwk TEXT NOT NULL,
        public_jwk TEXT NOT NULL,
        created_at_ms INTEGER NOT NULL,
        retired_at_ms INTEGER
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE mail (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        recipient TEXT NOT NULL,
        subject TEXT NOT NULL,
        body TEXT NOT NULL,
        at_ms INTEGER NOT NULL
      ) STRICT;
    `,
  },
];
