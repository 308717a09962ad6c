/** Something with a time by which it must have ended. */
export interface Expiring {
  /** Of `performance.now()`. */
  readonly endMs: number;
  expire(): void;
}

/**
 * Ends what runs past its deadline, with one timer for all: watching costs two operations on a set, where a timer each costs several
 * times as much.
 */
export class DeadlineWatch {
  readonly #watched = new Set<Expiring>();
  #timer: NodeJS.Timeout | undefined;
  #dueMs = Number.POSITIVE_INFINITY;

  add(one: Expiring): void {
    this.#watched.add(one);
    if (one.endMs < this.#dueMs) this.#wakeAt(one.endMs);
  }

  delete(one: Expiring): void {
    this.#watched.delete(one);
  }

  #wakeAt(dueMs: number): void {
    clearTimeout(this.#timer);
    this.#dueMs = dueMs;
    this.#timer = setTimeout(() => this.#expireDue(), Math.max(1, Math.ceil(dueMs - performance.now())));
    this.#timer.unref();
  }

  #expireDue(): void {
    const nowMs = performance.now();
    let nextMs = Number.POSITIVE_INFINITY;
    for (const one of this.#watched) {
      if (one.endMs > nowMs) nextMs = Math.min(nextMs, one.endMs);
      else if (this.#watched.delete(one)) one.expire();
    }
    this.#dueMs = Number.POSITIVE_INFINITY;
    if (nextMs < this.#dueMs) this.#wakeAt(nextMs);
  }
}
