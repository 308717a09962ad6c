import type { Store, Tx } from './store.ts';

/** How long a reply is kept for a repeat. */
const KEPT_MS = 24 * 60 * 60 * 1_000;

/** Each call forgets a few of the replies kept too long, more than it adds. */
const forgetOld = `
  DELETE FROM relearn_once WHERE (scope, key) IN (SELECT scope, key FROM relearn_once WHERE at_ms < ? LIMIT 100)`;

/** The key was used before with another request. */
export class IdempotencyKeyReused extends Error {
  override readonly name = 'IdempotencyKeyReused';

  constructor(scope: string, key: string) {
    super(`The key ${JSON.stringify(key)} was used with another request to ${scope}.`);
  }
}

export interface OnceKey {
  /** What is done: service, operation, and who asks. Keys of different scopes never meet. */
  readonly scope: string;
  readonly key: string;
  /** Hash of the request: the same key with another is refused. */
  readonly requestHash: string;
  /** Ms since the epoch; the wall clock's when absent. */
  readonly nowMs?: number;
}

/**
 * Runs `work` once for a key: its reply is recorded in the transaction of its effect, and a repeat within a day gets that reply without the effect. A
 * work that throws leaves no record. @throws IdempotencyKeyReused when the request is another one.
 */
export function runOnce<T>(
  store: Store,
  { scope, key, requestHash, nowMs = Date.now() }: OnceKey,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  return store.transact(async (tx) => {
    await tx.prepare(forgetOld).run(nowMs - KEPT_MS);
    const record = await tx
      .prepare<{ request_hash: string; reply: string }>(
        'SELECT request_hash, reply FROM relearn_once WHERE scope = ? AND key = ? AND at_ms >= ?',
      )
      .get(scope, key, nowMs - KEPT_MS);
    if (record && record.request_hash !== requestHash) throw new IdempotencyKeyReused(scope, key);
    if (record) return JSON.parse(record.reply).reply as T;
    const reply = await work(tx);
    await tx
      .prepare('INSERT OR REPLACE INTO relearn_once (scope, key, request_hash, reply, at_ms) VALUES (?, ?, ?, ?, ?)')
      .run(scope, key, requestHash, JSON.stringify({ reply }), nowMs);
    return reply;
  });
}
