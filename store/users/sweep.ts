import { job, type Store, t } from 'relearn';

const EVERY_MS = 6 * 3_600_000;

/** Removes sessions and links that have ended, every six hours. */
export function sweepJob(clock: () => number) {
  const sweep = job({
    name: 'sweep',
    payload: t.Object({}),
    perform: async () => async (tx) => {
      const nowMs = clock();
      await tx.prepare('DELETE FROM sessions WHERE expires_at_ms <= ?').run(nowMs);
      await tx.prepare('DELETE FROM links WHERE expires_at_ms <= ?').run(nowMs);
      await tx.schedule({ name: 'sweep' }, {}, { atMs: nowMs + EVERY_MS, key: 'sweep' });
    },
  });
  return {
    job: sweep,
    /** Begins, where it has not begun before. */
    start: (store: Store) => store.transact((tx) => tx.schedule(sweep, {}, { key: 'sweep' })),
  };
}
