export type { DeliveryQueue, ParkedMessage } from './delivery-queue.ts';
export { startInbox } from './inbox.ts';
export { insertMany } from './insert-many.ts';
export { type Job, type JobContext, type JobSettlement, job } from './job.ts';
export { type JobsOptions, startJobs } from './jobs.ts';
export { MigrationMismatch } from './migrate.ts';
export { startOutbox } from './outbox.ts';
export { IdempotencyKeyReused, runOnce } from './run-once.ts';
export type { SqliteStoreOptions } from './sqlite-store.ts';
export { openReadOnlyStore, openSqliteStore } from './sqlite-store.ts';
export type {
  JobPayload,
  Migration,
  QueueDepth,
  ScheduleOptions,
  SqlValue,
  Statement,
  Store,
  Tx,
  WriteStatement,
} from './store.ts';
export { StoreUnavailable } from './store-unavailable.ts';
