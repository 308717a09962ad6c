import { v7 as uuid } from 'uuid';
import type { EventType } from '../contract/event.ts';
import type { QueueWrites } from './open-tx.ts';
import type { SqliteConnection } from './sqlite-connection.ts';
import type { ScheduleOptions } from './store.ts';

export interface QueueWriterOptions {
  /** Service that publishes the events. */
  readonly source: string;
  /** Ms since the epoch. */
  readonly clock: () => number;
  /** Trace context to write with an event or a job. */
  readonly traceparent?: () => string | undefined;
}

/** Writes events and jobs within a transaction, and wakes those who act on them once it is committed. */
export class QueueWriter implements QueueWrites {
  readonly #writer: SqliteConnection;
  readonly #options: QueueWriterOptions;
  readonly #onPublished = new Set<() => void>();
  readonly #onScheduled = new Map<() => void, ReadonlySet<string>>();
  #published = false;
  #scheduled = false;

  constructor(writer: SqliteConnection, options: QueueWriterOptions) {
    this.#writer = writer;
    this.#options = options;
  }

  event(type: EventType, payload: unknown): void {
    this.#published = true;
    const { source, clock, traceparent } = this.#options;
    this.#writer
      .statement(
        'INSERT INTO relearn_outbox (id, type, key, source, at_ms, traceparent, payload) VALUES (?, ?, ?, ?, ?, ?, ?)',
      )
      .run(
        uuid(),
        type.type,
        type.key(payload as never),
        source,
        clock(),
        traceparent?.() ?? null,
        JSON.stringify(payload),
      );
  }

  job(name: string, payload: unknown, { key, atMs }: ScheduleOptions): void {
    this.#checkName(name);
    this.#scheduled = true;
    const { clock, traceparent } = this.#options;
    const dueAtMs = Math.ceil(atMs ?? clock());
    this.#writer
      .statement(
        'INSERT OR REPLACE INTO relearn_jobs (id, name, key, payload, traceparent, at_ms, due_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?)',
      )
      .run(uuid(), name, key ?? null, JSON.stringify(payload), traceparent?.() ?? null, dueAtMs, dueAtMs);
  }

  noJob(name: string, key: string): void {
    this.#checkName(name);
    this.#scheduled = true;
    this.#writer.statement('DELETE FROM relearn_jobs WHERE key = ? AND name = ?').run(key, name);
  }

  onPublished(wake: () => void): () => void {
    this.#onPublished.add(wake);
    return () => this.#onPublished.delete(wake);
  }

  onScheduled(names: ReadonlySet<string>, wake: () => void): () => void {
    this.#onScheduled.set(wake, names);
    return () => this.#onScheduled.delete(wake);
  }

  /** To be called after each commit. */
  tellCommitted(): void {
    const { published, scheduled } = { published: this.#published, scheduled: this.#scheduled };
    this.#published = false;
    this.#scheduled = false;
    if (published) for (const wake of this.#onPublished) wake();
    if (scheduled) for (const wake of this.#onScheduled.keys()) wake();
  }

  #checkName(name: string): void {
    for (const names of this.#onScheduled.values()) {
      if (names.has(name)) continue;
      throw new TypeError(`No job is called ${JSON.stringify(name)}; there are ${[...names].join(', ') || 'none'}.`);
    }
  }
}
