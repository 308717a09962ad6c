import type { Kysely } from 'kysely';
import type { Static, TSchema } from 'typebox';
import type { EventType, PayloadOf } from '../contract/event.ts';

export type SqlValue = string | number | bigint | Uint8Array | null;

/** A prepared statement for hot paths. Positional `?` parameters. */
export interface Statement<Row> {
  get(...parameters: SqlValue[]): Promise<Row | undefined>;
  all(...parameters: SqlValue[]): Promise<Row[]>;
}

/** The same, inside a transaction. */
export interface WriteStatement<Row> extends Statement<Row> {
  run(...parameters: SqlValue[]): Promise<{ changes: number }>;
}

/** One unit of work. It touches the store alone: awaiting anything else holds up every other writer. */
export interface Tx<Schema = any> {
  /** Kysely on the writing connection. */
  readonly query: Kysely<Schema>;
  /** Cached by its text. */
  prepare<Row = unknown>(sql: string): WriteStatement<Row>;
  /** Writes the event to the outbox in this transaction; it is published after the commit, at least once, in key order. */
  publish<E extends EventType>(type: E, payload: PayloadOf<E>): Promise<void>;
  /** Writes the job in this transaction; it is performed after the commit, at least once. @throws TypeError when the service performs no such job. */
  schedule<J extends { readonly name: string }>(
    job: J,
    payload: JobPayload<J>,
    options?: ScheduleOptions,
  ): Promise<void>;
  /** Takes the job of this name and key back. One that is being performed goes on, but what it returns is not run. */
  unschedule(job: { readonly name: string }, key: string): Promise<void>;
}

export interface ScheduleOptions {
  /** Not before this; ms since the epoch; at once when absent. */
  readonly atMs?: number | undefined;
  /**
   * Jobs of one key, whatever their names, are performed one at a time, in the order in which they fall due. One of the same name and key
   * that is there already is replaced.
   */
  readonly key?: string | undefined;
}

/** What a job takes; anything that JSON can carry when only the job's name is known. */
export type JobPayload<J> = J extends { readonly payload: infer P extends TSchema } ? Static<P> : unknown;

/** A service's own data: one SQLite file in WAL, or one PostgreSQL schema. */
export interface Store<Schema = any> {
  /** Kysely on the reading connection; sees the last commit and never waits for writers. */
  readonly query: Kysely<Schema>;
  /** Prepared once, cached by its text, on the reading connection. */
  prepare<Row = unknown>(sql: string): Statement<Row>;
  /**
   * Runs `work` in a transaction and resolves when it is on disk. Works that wait at the same time share one commit
   * (group commit); one that throws is rolled back alone. A work may be run a second time, after the first was rolled back, when a deferred
   * constraint refuses the commit: one that changes memory undoes that first. @throws StoreUnavailable when the disk is full or the database locked.
   */
  transact<T>(work: (tx: Tx<Schema>) => Promise<T> | T): Promise<T>;
  /** Path of the SQLite file, so that a training worker can read it. */
  readonly path: string;
  /** Why the last commit failed; undefined while the store takes writes. */
  health(): string | undefined;
  /** Calls `wake` after each commit that wrote an event; returns what takes the wish back. */
  onPublished(wake: () => void): () => void;
  /**
   * Calls `wake` after each commit that scheduled a job, and makes `schedule` refuse those that are not among `names`; returns what takes
   * both back.
   */
  onScheduled(names: ReadonlySet<string>, wake: () => void): () => void;
  /** Finishes the works that wait, then closes. */
  close(): Promise<void>;
}

/** A forward migration. Never changed once released. */
export interface Migration {
  /** Sorts by name: `001-interactions`. */
  readonly name: string;
  readonly sql: string;
}

/** How far outbox and inbox are behind, for metrics and health. */
export interface QueueDepth {
  readonly waiting: number;
  readonly parked: number;
  /** Age of the oldest waiting message, ms; 0 when none waits. */
  readonly lagMs: number;
}
