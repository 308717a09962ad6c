import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database, Statement } from 'better-sqlite3';
import { Kysely, type KyselyPlugin, SqliteDialect } from 'kysely';
import type { EventType } from '../contract/event.ts';
import type { SqliteConnection } from './sqlite-connection.ts';
import type { ScheduleOptions, SqlValue, Tx, WriteStatement } from './store.ts';

/** The event loop gets a turn after this long inside one work. */
const TURN_MS_MAX = 4;

/** What a transaction writes for others to act on after its commit. */
export interface QueueWrites {
  event(type: EventType, payload: unknown): void;
  job(name: string, payload: unknown, options: ScheduleOptions): void;
  noJob(name: string, key: string): void;
}

/**
 * A transaction as one work sees it. Whatever was taken from it, a statement or Kysely, refuses to execute once the work has ended. A work
 * of many statements lets the event loop have its turns.
 */
export class OpenTx implements Tx {
  readonly #writer: SqliteConnection;
  readonly #writes: QueueWrites;
  #query: Kysely<any> | undefined;
  #turnAtMs = performance.now();
  #storeMs = 0;
  #ended = false;

  constructor(writer: SqliteConnection, writes: QueueWrites) {
    this.#writer = writer;
    this.#writes = writes;
  }

  get query(): Kysely<any> {
    this.#query ??= new Kysely({
      dialect: new SqliteDialect({ database: guarded(this.#writer.raw, (call) => this.#execute(call)) }),
      plugins: [turnAfterEach(() => this.#turn())],
    });
    return this.#query;
  }

  /** How long the store, and the turns given, have taken of the work; ms. */
  get storeMs(): number {
    return this.#storeMs;
  }

  prepare<Row>(sql: string): WriteStatement<Row> {
    this.#check();
    const statement = this.#writer.statement(sql);
    const execute = async <T>(call: () => T): Promise<T> => {
      const result = this.#execute(call);
      if (this.#turnIsDue()) await this.#turn();
      return result;
    };
    return {
      get: (...parameters: SqlValue[]) => execute(() => statement.get(parameters) as Row | undefined),
      all: (...parameters: SqlValue[]) => execute(() => statement.all(parameters) as Row[]),
      run: (...parameters: SqlValue[]) => execute(() => ({ changes: statement.run(parameters).changes })),
    };
  }

  publish(type: EventType, payload: unknown): Promise<void> {
    return this.#write(() => this.#writes.event(type, payload));
  }

  schedule({ name }: { readonly name: string }, payload: unknown, options: ScheduleOptions = {}): Promise<void> {
    return this.#write(() => this.#writes.job(name, payload, options));
  }

  unschedule({ name }: { readonly name: string }, key: string): Promise<void> {
    return this.#write(() => this.#writes.noJob(name, key));
  }

  end(): void {
    this.#ended = true;
  }

  async #write(call: () => void): Promise<void> {
    this.#execute(call);
    if (this.#turnIsDue()) await this.#turn();
  }

  #execute<T>(call: () => T): T {
    this.#check();
    const startedAtMs = performance.now();
    try {
      return call();
    } finally {
      this.#storeMs += performance.now() - startedAtMs;
    }
  }

  #turnIsDue(): boolean {
    return performance.now() - this.#turnAtMs > TURN_MS_MAX;
  }

  async #turn(): Promise<void> {
    if (!this.#turnIsDue()) return;
    const startedAtMs = performance.now();
    this.#turnAtMs = startedAtMs;
    await nextTurn();
    this.#turnAtMs = performance.now();
    this.#storeMs += this.#turnAtMs - startedAtMs;
  }

  #check(): void {
    if (this.#ended) throw new Error('This transaction has ended: await everything that a unit of work begins.');
  }
}

type Execute = <T>(call: () => T) => T;

/** The connection as Kysely sees it: each execution goes through `execute`. */
function guarded(raw: Database, execute: Execute) {
  return {
    prepare: (sql: string) => execute(() => guardedStatement(raw.prepare<unknown[]>(sql), execute)),
    close: () => undefined,
  };
}

function guardedStatement(statement: Statement<unknown[]>, execute: Execute) {
  return {
    reader: statement.reader,
    all: (parameters: readonly unknown[]) => execute(() => statement.all(parameters)),
    run: (parameters: readonly unknown[]) => execute(() => statement.run(parameters)),
    iterate: (): never => {
      throw new Error('A transaction does not stream: an open cursor would keep it from its commit. Read in pages.');
    },
  };
}

function turnAfterEach(turn: () => Promise<void>): KyselyPlugin {
  return {
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      await turn();
      return result;
    },
  };
}
