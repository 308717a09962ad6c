import { once } from 'node:events';
import type { Store } from 'relearn';
import type { OrderView } from './contract.ts';
import { hasEnded } from './order.ts';
import type { OrderFeed } from './order-feed.ts';
import { viewOf } from './order-view.ts';
import { readHistory, readOrder } from './store.ts';

export interface Watch {
  readonly store: Store;
  readonly feed: OrderFeed;
  readonly orderId: string;
  readonly forPayer: boolean;
  /** Aborts when the watcher has gone. */
  readonly signal: AbortSignal;
}

/** An order as it is now and after each move, until it has ended or the watcher goes. Moves that are faster than the watcher come as one. */
export async function* watchOrder({
  store,
  feed,
  orderId,
  forPayer,
  signal,
}: Watch): AsyncGenerator<{ id: string; data: OrderView }> {
  const moves = new EventTarget();
  const stop = feed.watch(orderId, () => moves.dispatchEvent(new Event('move')));
  try {
    for (let seen = 0; ; ) {
      const moved = once(moves, 'move', { signal }).catch(() => undefined);
      const record = await readOrder(store, orderId);
      if (record === undefined || signal.aborted) return;
      feed.seen(orderId, record.revision);
      if (record.revision > seen) {
        seen = record.revision;
        yield { id: String(seen), data: viewOf(record, { history: await readHistory(store, orderId), forPayer }) };
      }
      if (hasEnded(record.order)) return;
      await moved;
    }
  } finally {
    stop();
  }
}
