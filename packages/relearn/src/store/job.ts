import type { Logger } from 'pino';
import type { Static, TSchema } from 'typebox';
import type { Tx } from './store.ts';

/**
 * Something to do later or elsewhere: a timer, a call to another service, a mail. A transaction schedules it (`Tx.schedule`); it is performed
 * at least once, outside any transaction, and what came of it is written in the transaction that removes it.
 */
export interface Job<P extends TSchema = TSchema> {
  /** Its own within the service; kept with what is scheduled, so never renamed while something waits. */
  readonly name: string;
  readonly payload: P;
  /** Tries before it is parked; 10. One that the process did not survive counts. */
  readonly attemptsMax?: number;
  /** Longest a try may take before its signal aborts, ms; 10,000. */
  readonly timeoutMs?: number;
  /**
   * Does the work; may call other services. What it returns runs in the transaction that removes the job, unless the job was replaced or unscheduled
   * meanwhile. One that throws is tried again, each time later. One that does not end soon after `signal` aborts is given up on, and the next try
   * may then overlap it.
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: a perform that has nothing to write need not return.
  perform(payload: Static<P>, context: JobContext): Promise<JobSettlement | undefined | void>;
  /** Runs in the transaction that parks the job after its last try; one that throws is tried again, later. */
  giveUp?(payload: Static<P>, context: { readonly tx: Tx; readonly error: unknown }): Promise<void> | void;
}

/** Writes what came of a job. */
export type JobSettlement = (tx: Tx) => Promise<void> | void;

export interface JobContext {
  /** Aborts when the try has taken too long or the service stops. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** From 1. */
  readonly attempt: number;
  /** The same at each try, and of no other job: a key for the other side to know a repeat by. */
  readonly jobId: string;
}

/** Keeps a job's payload type. */
export function job<const P extends TSchema>(declared: Job<P>): Job<P> {
  return declared;
}
