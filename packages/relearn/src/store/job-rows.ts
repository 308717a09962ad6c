import type { TSchema } from 'typebox';
import type { QueueTable } from './delivery-queue.ts';
import type { Job, JobSettlement } from './job.ts';
import type { Store } from './store.ts';

/** A job that is being tried. */
export interface JobRow {
  readonly sequence: number;
  readonly id: string;
  readonly name: string;
  readonly key: string | null;
  readonly payload: string;
  readonly traceparent: string | null;
  /** This try included. */
  readonly attempts: number;
  /** Of the try before. */
  readonly error: string | null;
}

interface DueOptions {
  readonly nowMs: number;
  readonly trying: readonly JobRow[];
  readonly countMax: number;
}

export const jobTable: QueueTable = {
  name: 'relearn_jobs',
  type: 'name',
  isWaiting: 'parked = 0',
  isParked: 'parked = 1',
  sinceMs: 'at_ms',
  bringBack: 'parked = 0, attempts = 0, due_at_ms = 0',
};

/** Due ones of a name, less those that are being tried, share a key with one that is, or wait behind another of their key. */
const due = `
  SELECT sequence FROM relearn_jobs AS head WHERE parked = 0 AND name = ? AND due_at_ms <= ?
    AND sequence NOT IN (SELECT value FROM json_each(?))
    AND (key IS NULL OR key NOT IN (SELECT value FROM json_each(?)) AND NOT EXISTS (
      SELECT 1 FROM relearn_jobs AS before WHERE before.key = head.key AND before.parked = 0
        AND (before.at_ms, before.sequence) < (head.at_ms, head.sequence)))
  ORDER BY due_at_ms, sequence LIMIT ?`;

const claim = `
  UPDATE relearn_jobs SET attempts = attempts + 1 WHERE parked = 0 AND sequence IN (SELECT value FROM json_each(?))
  RETURNING sequence, id, name, key, payload, traceparent, attempts, error`;

/** The jobs of a service as its store keeps them. */
export class JobRows {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Sequences of jobs to try now. */
  async due(name: string, { nowMs, trying, countMax }: DueOptions): Promise<number[]> {
    const sequences = JSON.stringify(trying.map(({ sequence }) => sequence));
    const keys = JSON.stringify(trying.flatMap(({ key }) => key ?? []));
    const rows = await this.#store.prepare<{ sequence: number }>(due).all(name, nowMs, sequences, keys, countMax);
    return rows.map(({ sequence }) => sequence);
  }

  /** When the next job falls due; those due already wait for another to end. */
  async nextDueAtMs(nowMs: number): Promise<number | undefined> {
    const row = await this.#store
      .prepare<{ at: number | null }>(
        'SELECT min(due_at_ms) AS at FROM relearn_jobs WHERE parked = 0 AND due_at_ms > ?',
      )
      .get(nowMs);
    return row?.at ?? undefined;
  }

  /** Counts a try of each before it is made; returns those that are still there. */
  claim(sequences: readonly number[]): Promise<JobRow[]> {
    return this.#store.transact((tx) => tx.prepare<JobRow>(claim).all(JSON.stringify(sequences)));
  }

  /** Takes a try back that was not its own fault. */
  async giveBack({ sequence }: JobRow): Promise<void> {
    await this.#store.transact((tx) =>
      tx.prepare('UPDATE relearn_jobs SET attempts = attempts - 1 WHERE sequence = ?').run(sequence),
    );
  }

  /** Removes the job and writes what came of it, if it is still there. */
  settle({ sequence }: JobRow, settlement: JobSettlement | undefined): Promise<void> {
    return this.#store.transact(async (tx) => {
      const { changes } = await tx.prepare('DELETE FROM relearn_jobs WHERE sequence = ?').run(sequence);
      if (changes > 0) await settlement?.(tx);
    });
  }

  async putOff({ sequence }: JobRow, dueAtMs: number, error: unknown): Promise<void> {
    await this.#store.transact((tx) =>
      tx
        .prepare('UPDATE relearn_jobs SET due_at_ms = ?, error = ? WHERE sequence = ?')
        .run(dueAtMs, String(error), sequence),
    );
  }

  /** False when it is no longer there. */
  park({ sequence }: JobRow, error: unknown, giveUp?: JobSettlement): Promise<boolean> {
    return this.#store.transact(async (tx) => {
      const { changes } = await tx
        .prepare('UPDATE relearn_jobs SET parked = 1, error = ? WHERE sequence = ?')
        .run(String(error), sequence);
      if (changes > 0) await giveUp?.(tx);
      return changes > 0;
    });
  }

  /** Parks what no job takes any more; returns how many. */
  async parkOthers(jobs: readonly Job<TSchema>[]): Promise<number> {
    const names = JSON.stringify(jobs.map(({ name }) => name));
    const { changes } = await this.#store.transact((tx) =>
      tx
        .prepare(
          "UPDATE relearn_jobs SET parked = 1, error = 'no job has this name' WHERE parked = 0 AND name NOT IN (SELECT value FROM json_each(?))",
        )
        .run(names),
    );
    return changes;
  }
}
