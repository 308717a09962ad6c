import type { Store } from 'relearn';

/**
 * Wakes those who watch an order when it has moved.
 *
 * A move is noted inside its transaction and told of after each commit until somebody has read it: the commit that is told of may be
 * another one's, made a moment before.
 */
export class OrderFeed {
  readonly #watchers = new Map<string, Set<() => void>>();
  /** Revisions that a transaction wrote and no watcher has seen yet, by order. */
  readonly #unseen = new Map<string, number>();
  readonly close: () => void;

  constructor(store: Store) {
    this.close = store.onPublished(() => this.#wake());
  }

  /** Notes a move that is about to be committed. */
  moved(orderId: string, revision: number): void {
    if (this.#watchers.has(orderId)) this.#unseen.set(orderId, revision);
  }

  /** Notes that a watcher has read this revision. */
  seen(orderId: string, revision: number): void {
    const unseen = this.#unseen.get(orderId);
    if (unseen !== undefined && unseen <= revision) this.#unseen.delete(orderId);
  }

  /** Calls `wake` after moves of the order, sometimes more often; returns what takes the wish back. */
  watch(orderId: string, wake: () => void): () => void {
    const watchers = this.#watchers.get(orderId) ?? new Set();
    this.#watchers.set(orderId, watchers.add(wake));
    return () => {
      watchers.delete(wake);
      if (watchers.size > 0) return;
      this.#watchers.delete(orderId);
      this.#unseen.delete(orderId);
    };
  }

  #wake(): void {
    for (const orderId of this.#unseen.keys()) for (const wake of this.#watchers.get(orderId) ?? []) wake();
  }
}
