import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import type { SqlValue, Statement } from './store.ts';

/** How many prepared statements a connection keeps; beyond it all are let go. */
const STATEMENTS_MAX = 1_000;

/** When a commit counts as done: once it is on disk, or once the operating system has it. */
export type Durability = 'full' | 'normal';

/** One SQLite connection: its statements, cached by their text, and Kysely over it. */
export class SqliteConnection {
  readonly raw: Database.Database;
  readonly query: Kysely<any>;
  readonly #statements = new Map<string, Database.Statement<unknown[]>>();

  private constructor(raw: Database.Database) {
    this.raw = raw;
    this.query = new Kysely({ dialect: new SqliteDialect({ database: raw as never }) });
  }

  /** Opens for writing and makes the file, with its folder, where there is none. Never waits inside SQLite: waiting would stop the event loop. */
  static writing(path: string, durability: Durability): SqliteConnection {
    mkdirSync(dirname(path), { recursive: true });
    return SqliteConnection.#set(new Database(path, { timeout: 0 }), [
      'journal_mode = WAL',
      `synchronous = ${durability.toUpperCase()}`,
      'foreign_keys = ON',
      'cache_size = -32768',
      'temp_store = MEMORY',
      'wal_autocheckpoint = 4000',
    ]);
  }

  /** Opens an existing file for reading alone. */
  static reading(path: string): SqliteConnection {
    return SqliteConnection.#set(new Database(path, { readonly: true, fileMustExist: true, timeout: 1_000 }), [
      'cache_size = -32768',
      'mmap_size = 268435456',
      'query_only = ON',
    ]);
  }

  /** Closes the file again when it takes a setting badly, as one that is no database does. */
  static #set(raw: Database.Database, settings: readonly string[]): SqliteConnection {
    try {
      for (const setting of settings) raw.pragma(setting);
      return new SqliteConnection(raw);
    } catch (error) {
      raw.close();
      throw error;
    }
  }

  /** SQLite answers at once; the promise is there so that another database fits the same face. */
  prepare<Row>(sql: string): Statement<Row> {
    const statement = this.statement(sql);
    return {
      get: async (...parameters: SqlValue[]) => statement.get(parameters) as Row | undefined,
      all: async (...parameters: SqlValue[]) => statement.all(parameters) as Row[],
    };
  }

  /** Cached by its text. */
  statement(sql: string): Database.Statement<unknown[]> {
    const known = this.#statements.get(sql);
    if (known) return known;
    if (this.#statements.size >= STATEMENTS_MAX) this.#statements.clear();
    const prepared = this.raw.prepare<unknown[]>(sql);
    this.#statements.set(sql, prepared);
    return prepared;
  }

  close(): void {
    this.#statements.clear();
    this.raw.close();
  }
}
