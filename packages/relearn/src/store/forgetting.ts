import type { Store } from './store.ts';

/** Rows deleted at a time, so that nobody waits long for it. */
export const FORGET_ROWS = 1_000;

const EVERY_MS = 60_000;

export interface ForgettingOptions {
  readonly store: Store;
  readonly clock: () => number;
  /** How long rows are kept, ms. */
  readonly keptMs: number;
  /** Deletes up to {@link FORGET_ROWS} rows from before its one parameter, ms since the epoch. */
  readonly sql: string;
}

/** What to call now and then: once a minute, or again at once where much is left, it deletes rows kept for too long. */
export function forgetting({ store, clock, keptMs, sql }: ForgettingOptions): () => Promise<void> {
  let doneAtMs = Number.NEGATIVE_INFINITY;
  return async () => {
    const nowMs = clock();
    if (nowMs - doneAtMs < EVERY_MS) return;
    const { changes } = await store.transact((tx) => tx.prepare(sql).run(nowMs - keptMs));
    if (changes < FORGET_ROWS) doneAtMs = nowMs;
  };
}
