import type { Bus, RecentLoss } from '../bus/bus.ts';
import { FORGET_ROWS, forgetting } from './forgetting.ts';
import type { Store, Tx } from './store.ts';

/** Of the last events sent, so many are looked up to see whether any were lost: of those sent together any may be the last. */
const LOOKED_UP = 16;

const columns = 'sequence, id, type, key, source, at_ms, traceparent, payload';

const last = `
  SELECT id, type, key, (SELECT json_group_array(id) FROM relearn_outbox AS next WHERE next.type = sent.type AND next.key = sent.key) AS next
  FROM relearn_sent AS sent ORDER BY sent_at_ms DESC, sequence DESC LIMIT ${LOOKED_UP}`;

const forget = `
  DELETE FROM relearn_sent WHERE sequence IN (SELECT sequence FROM relearn_sent WHERE sent_at_ms < ? LIMIT ${FORGET_ROWS})`;

/** Events that the bus has taken and may yet lose, kept to be sent again. */
export interface SentEvents {
  /** Takes an event that the bus has taken out of the outbox. */
  remove(tx: Tx, sequence: number): Promise<void>;
  /** Forgets what the bus can no longer lose. */
  forget(): Promise<void>;
  /** When the bus has lost any, puts back all that it may have lost, in their order; returns how many. */
  recall(): Promise<number>;
}

export function sentEvents(bus: Bus, store: Store, clock: () => number): SentEvents {
  const { recentLoss } = bus;
  const remove = async (tx: Tx, sequence: number) =>
    void (await tx.prepare('DELETE FROM relearn_outbox WHERE sequence = ?').run(sequence));
  if (recentLoss === undefined) return { remove, forget: async () => undefined, recall: async () => 0 };
  return {
    remove: async (tx, sequence) => {
      await tx
        .prepare(
          `INSERT OR REPLACE INTO relearn_sent (${columns}, sent_at_ms) SELECT ${columns}, ? FROM relearn_outbox WHERE sequence = ?`,
        )
        .run(clock(), sequence);
      await remove(tx, sequence);
    },
    forget: forgetting({ store, clock, keptMs: recentLoss.lossMs, sql: forget }),
    recall: async () => ((await hasLostAny(recentLoss, store)) ? store.transact(putBack) : 0),
  };
}

/**
 * A bus loses the end of what it took. The last event of a key is lost when another stands last, unless that is one the bus took after it and
 * could not say so.
 */
async function hasLostAny(recentLoss: RecentLoss, store: Store): Promise<boolean> {
  const rows = await store.prepare<{ id: string; type: string; key: string; next: string }>(last).all();
  const newest = Map.groupBy(rows, ({ type, key }) => `${type} ${key}`).values();
  const lost = await Promise.all(
    Array.from(newest, async ([{ id, type, key, next } = rows[0]!]) => {
      const found = await recentLoss.lastIdOf(type, key);
      return found === undefined || ![id, ...JSON.parse(next)].includes(found);
    }),
  );
  return lost.includes(true);
}

async function putBack(tx: Tx): Promise<number> {
  const { changes } = await tx
    .prepare(`INSERT INTO relearn_outbox (${columns}) SELECT ${columns} FROM relearn_sent`)
    .run();
  await tx.prepare('DELETE FROM relearn_sent').run();
  return changes;
}
