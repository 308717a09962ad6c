/** Runs works of one key one after the other, in the order given, and works of different keys side by side. */
export class KeyedQueue {
  readonly #lastByKey = new Map<string, Promise<void>>();

  /** Settles as `work` does. A work that fails does not hold up those behind it. */
  run(key: string, work: () => Promise<void>): Promise<void> {
    const before = this.#lastByKey.get(key);
    const result = before === undefined ? work() : before.then(work);
    const done: Promise<void> = result.then(
      () => this.#forget(key, done),
      () => this.#forget(key, done),
    );
    this.#lastByKey.set(key, done);
    return result;
  }

  /** Resolves when all that was given is settled. */
  async settled(): Promise<void> {
    while (this.#lastByKey.size > 0) await Promise.all(this.#lastByKey.values());
  }

  /** Resolves when all that was given before this call is settled. */
  async begun(): Promise<void> {
    await Promise.all(this.#lastByKey.values());
  }

  #forget(key: string, done: Promise<void>): void {
    if (this.#lastByKey.get(key) === done) this.#lastByKey.delete(key);
  }
}
