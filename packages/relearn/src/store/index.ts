export type { Migration, QueueDepth, SqlValue, Statement, Store, Tx, WriteStatement } from './store.ts';
