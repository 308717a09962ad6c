import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { TSchema } from 'typebox';
import { compileCheck, type SchemaCheck } from '../contract/schema-check.ts';
import { childTraceparent, inTrace } from '../contract/trace.ts';
import { backoffMs } from './backoff.ts';
import { type DeliveryQueue, type DeliveryQueueOptions, overTable } from './delivery-queue.ts';
import type { Job, JobSettlement } from './job.ts';
import { type JobRow, JobRows, jobTable } from './job-rows.ts';
import { type Clock, QueueWorker } from './queue-worker.ts';
import { StoreUnavailable } from './store-unavailable.ts';
import { tryJob } from './try-job.ts';

/*
 * 1. A job is there if and only if the transaction that scheduled it was committed, and until the one that ends it is.
 * 2. A try is counted on disk before it is made: one that kills its process is parked in the end.
 * 3. What a try returns runs once, in the transaction that removes the job; never for a job replaced or unscheduled meanwhile.
 * 4. Jobs of one key are tried one at a time, in the order in which they fell due; one that fails holds back its key alone.
 * 5. One that failed `attemptsMax` times is parked: kept, visible, no longer in the way, performed again by `replay`.
 */

/** Jobs of one name that may be tried at the same time: a slow one leaves room for the others. */
const TRIES_MAX = 64;

export interface JobsOptions extends Omit<DeliveryQueueOptions, 'attemptsMax' | 'log'> {
  readonly jobs: readonly Job<any>[];
  readonly log: Logger;
  /** How long `close` lets tries go on before it aborts their signals, ms; 2,000. */
  readonly graceMs?: number;
}

/** Performs what the store's transactions schedule, woken by each commit and when something falls due. */
export async function startJobs(options: JobsOptions): Promise<DeliveryQueue> {
  const rows = new JobRows(options.store);
  const kinds = kindsOf(options.jobs);
  const parked = await rows.parkOthers(options.jobs);
  if (parked > 0) options.log.error({ parked }, 'jobs parked that nothing performs any more');
  const performer = new JobPerformer(rows, kinds, options);
  const ignore = options.store.onScheduled(new Set(kinds.keys()), () => performer.wake());
  performer.wake();
  return {
    ...overTable(options, jobTable, () => performer.wake()),
    close: () => {
      ignore();
      return performer.close();
    },
  };
}

interface JobKind {
  readonly job: Job<TSchema>;
  readonly payload: SchemaCheck;
  /** Jobs of it that are being tried. */
  trying: number;
}

function kindsOf(jobs: readonly Job<TSchema>[]): ReadonlyMap<string, JobKind> {
  const kinds = new Map<string, JobKind>();
  for (const job of jobs) {
    if (kinds.has(job.name)) throw new TypeError(`Two jobs are called ${job.name}.`);
    kinds.set(job.name, { job, payload: compileCheck(job.payload), trying: 0 });
  }
  return kinds;
}

class JobPerformer {
  readonly #rows: JobRows;
  readonly #kinds: ReadonlyMap<string, JobKind>;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #random: () => number;
  readonly #graceMs: number;
  readonly #worker: QueueWorker;
  readonly #trying = new Map<JobRow, Promise<void>>();
  readonly #stopping = new AbortController();

  constructor(
    rows: JobRows,
    kinds: ReadonlyMap<string, JobKind>,
    { clock, log, random = Math.random, graceMs = 2_000 }: JobsOptions,
  ) {
    this.#rows = rows;
    this.#kinds = kinds;
    this.#clock = clock;
    this.#log = log;
    this.#random = random;
    this.#graceMs = graceMs;
    const onError = (error: unknown) => log.warn({ err: error }, 'jobs');
    this.#worker = new QueueWorker({ work: () => this.#beginDue(), clock, onError });
  }

  wake(): void {
    this.#worker.wake();
  }

  /** Waits for what is being tried, first patiently, then with its signal aborted. A try that was cut short does not count. */
  async close(): Promise<void> {
    await this.#worker.close();
    const patience = setTimeout(() => this.#stopping.abort(new Error('The service stops.')), this.#graceMs);
    await Promise.all(this.#trying.values());
    clearTimeout(patience);
  }

  async #beginDue(): Promise<number | undefined> {
    const nowMs = this.#clock();
    const due: number[] = [];
    for (const { job, trying } of this.#kinds.values()) {
      if (trying >= TRIES_MAX) continue;
      const countMax = TRIES_MAX - trying;
      due.push(...(await this.#rows.due(job.name, { nowMs, trying: [...this.#trying.keys()], countMax })));
    }
    if (due.length > 0) for (const row of await this.#rows.claim(due)) this.#begin(row, this.#kinds.get(row.name)!);
    return this.#rows.nextDueAtMs(nowMs);
  }

  #begin(row: JobRow, kind: JobKind): void {
    kind.trying++;
    const scope = { traceparent: childTraceparent(row.traceparent ?? undefined) };
    this.#trying.set(
      row,
      inTrace(scope, () => this.#perform(row, kind)),
    );
  }

  /** When not even the failure can be written, the job stays as it is and nobody is woken: the next poll tries again. */
  async #perform(row: JobRow, kind: JobKind): Promise<void> {
    try {
      await this.#try(row, kind).catch((error: unknown) => this.#failed(row, kind.job, error));
      this.#end(row, kind);
      this.#worker.wake();
    } catch (error) {
      this.#end(row, kind);
      this.#log.warn({ err: error, job: row.name, jobId: row.id }, 'job left as it is');
    }
  }

  #end(row: JobRow, kind: JobKind): void {
    kind.trying--;
    this.#trying.delete(row);
  }

  async #try(row: JobRow, { job, payload: check }: JobKind): Promise<void> {
    const { id, name, attempts } = row;
    if (attempts > attemptsMaxOf(job)) return this.#giveUp(row, job, row.error ?? 'The process ended during the try.');
    const payload: unknown = JSON.parse(row.payload);
    if (!check.accepts(payload)) return this.#refuse(row, check.faults(payload, 'payload'));
    const log = this.#log.child({ job: name, jobId: id, attempt: attempts });
    const perform = async (signal: AbortSignal) => {
      const settlement = await job.perform(payload, { signal, log, attempt: attempts, jobId: id });
      return typeof settlement === 'function' ? settlement : undefined;
    };
    const stopping = this.#stopping.signal;
    await this.#settle(row, await tryJob(perform, { timeoutMs: job.timeoutMs ?? 10_000, stopping }));
  }

  /** A store that is out of order for a while is no reason to perform the job again. */
  async #settle(row: JobRow, settlement: JobSettlement | undefined): Promise<void> {
    const { signal } = this.#stopping;
    for (let failures = 1; ; failures++) {
      try {
        return await this.#rows.settle(row, settlement);
      } catch (error) {
        if (!(error instanceof StoreUnavailable) || signal.aborted) throw error;
      }
      await sleep(backoffMs(failures, this.#random), undefined, { signal }).catch(() => undefined);
    }
  }

  /** No further try can help a payload that the job does not take. */
  async #refuse(row: JobRow, faults: readonly { field: string; takes: string }[]): Promise<void> {
    const error = faults.map(({ field, takes }) => `${field} ${takes}`).join('; ');
    this.#log.error({ job: row.name, jobId: row.id, error }, 'job parked');
    await this.#rows.park(row, error);
  }

  async #failed(row: JobRow, job: Job, error: unknown): Promise<void> {
    if (this.#stopping.signal.aborted) return this.#rows.giveBack(row);
    if (row.attempts >= attemptsMaxOf(job)) return this.#giveUp(row, job, error);
    this.#log.warn({ err: error, job: row.name, jobId: row.id, attempt: row.attempts }, 'job failed');
    await this.#putOff(row, error);
  }

  /** A job that cannot be given up stays, and giving up is tried again. */
  async #giveUp(row: JobRow, job: Job, error: unknown): Promise<void> {
    const { giveUp } = job;
    const details = { job: row.name, jobId: row.id, attempts: row.attempts };
    try {
      const payload: unknown = JSON.parse(row.payload);
      const parked = await this.#rows.park(row, error, giveUp && ((tx) => giveUp.call(job, payload, { tx, error })));
      if (parked) this.#log.error({ ...details, err: error }, 'job parked');
    } catch (fault) {
      this.#log.error({ ...details, err: fault }, 'job cannot be given up yet');
      await this.#putOff(row, fault);
    }
  }

  async #putOff(row: JobRow, error: unknown): Promise<void> {
    await this.#rows.putOff(row, this.#clock() + backoffMs(row.attempts, this.#random), error);
  }
}

function attemptsMaxOf({ attemptsMax = 10 }: Job): number {
  return attemptsMax;
}
