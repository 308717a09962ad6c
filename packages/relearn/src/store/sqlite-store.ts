import { GroupCommit, type TransactionPort } from './group-commit.ts';
import { migrate } from './migrate.ts';
import { OpenTx } from './open-tx.ts';
import { QueueWriter, type QueueWriterOptions } from './queue-writer.ts';
import { type Durability, SqliteConnection } from './sqlite-connection.ts';
import type { Migration, Statement, Store, Tx } from './store.ts';
import { StoreUnavailable, storageFault } from './store-unavailable.ts';

export interface SqliteStoreOptions extends QueueWriterOptions {
  /** The file; made, with its folder, where there is none. */
  readonly path: string;
  readonly migrations: readonly Migration[];
  /**
   * `full` (default): what `transact` resolved is on disk. `normal`: a power cut may lose the last commits, a killed process loses nothing;
   * for data whose loss is stated, such as decision logs.
   */
  readonly durability?: Durability;
}

/**
 * Opens a service's store. One process owns the file at a time.
 *
 * @throws StoreUnavailable when the file cannot be opened or written; MigrationMismatch when it was written by other migrations.
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  let writer: SqliteConnection | undefined;
  try {
    writer = SqliteConnection.writing(options.path, options.durability ?? 'full');
    migrate(writer, options.migrations, options.clock());
    return new SqliteStore(writer, SqliteConnection.reading(options.path), options);
  } catch (error) {
    writer?.close();
    throw storageFault(error, options.path) ?? error;
  }
}

/** Opens another process's or thread's store to read: what was committed when each statement begins. `transact` is refused. */
export async function openReadOnlyStore(path: string): Promise<Store> {
  try {
    return new ReadOnlyStore(SqliteConnection.reading(path), path);
  } catch (error) {
    throw storageFault(error, path) ?? error;
  }
}

class SqliteStore implements Store {
  readonly path: string;
  readonly #writer: SqliteConnection;
  readonly #reader: SqliteConnection;
  readonly #queues: QueueWriter;
  readonly #commits: GroupCommit;

  constructor(writer: SqliteConnection, reader: SqliteConnection, options: SqliteStoreOptions) {
    this.path = options.path;
    this.#writer = writer;
    this.#reader = reader;
    this.#queues = new QueueWriter(writer, options);
    this.#commits = new GroupCommit(transactionPort(writer), { onCommit: () => this.#queues.tellCommitted() });
  }

  get query() {
    return this.#reader.query;
  }

  prepare<Row>(sql: string): Statement<Row> {
    return this.#reader.prepare<Row>(sql);
  }

  transact<T>(work: (tx: Tx) => Promise<T> | T): Promise<T> {
    return this.#commits.submit(() => {
      const tx = new OpenTx(this.#writer, this.#queues);
      return { run: () => work(tx), storeMs: () => tx.storeMs, end: () => tx.end() };
    });
  }

  health(): string | undefined {
    return this.#commits.fault;
  }

  onPublished(wake: () => void): () => void {
    return this.#queues.onPublished(wake);
  }

  onScheduled(names: ReadonlySet<string>, wake: () => void): () => void {
    return this.#queues.onScheduled(names, wake);
  }

  async close(): Promise<void> {
    await this.#commits.close();
    this.#reader.close();
    this.#writer.close();
  }
}

class ReadOnlyStore implements Store {
  readonly path: string;
  readonly #reader: SqliteConnection;

  constructor(reader: SqliteConnection, path: string) {
    this.path = path;
    this.#reader = reader;
  }

  get query() {
    return this.#reader.query;
  }

  prepare<Row>(sql: string): Statement<Row> {
    return this.#reader.prepare<Row>(sql);
  }

  transact(): Promise<never> {
    return Promise.reject(new StoreUnavailable('the store was opened to read'));
  }

  health(): undefined {
    return undefined;
  }

  onPublished(): () => void {
    return () => undefined;
  }

  onScheduled(): () => void {
    return () => undefined;
  }

  async close(): Promise<void> {
    this.#reader.close();
  }
}

function transactionPort({ raw }: SqliteConnection): TransactionPort {
  const prepare = (sql: string) => raw.prepare<[]>(sql);
  const statements = {
    begin: prepare('BEGIN IMMEDIATE'),
    savepoint: prepare('SAVEPOINT work'),
    release: prepare('RELEASE work'),
    rollbackTo: prepare('ROLLBACK TO work'),
    commit: prepare('COMMIT'),
    rollback: prepare('ROLLBACK'),
  };
  return {
    begin: () => void statements.begin.run(),
    savepoint: () => void statements.savepoint.run(),
    releaseSavepoint: () => void statements.release.run(),
    rollbackToSavepoint: () => {
      statements.rollbackTo.run();
      statements.release.run();
    },
    commit: () => void statements.commit.run(),
    rollback: () => void statements.rollback.run(),
    get open() {
      return raw.inTransaction;
    },
  };
}
