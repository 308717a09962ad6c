/**
 * Calls `work` when woken, when something falls due, and now and then besides, one call at a time. `work` returns when it wants to be called
 * again, ms since the epoch; undefined for "when woken".
 */
export class QueueWorker {
  readonly #work: () => Promise<number | undefined>;
  readonly #clock: () => number;
  readonly #onError: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #woken = false;
  #closed = false;

  /** What nobody woke it for is found after this long. */
  static readonly pollMs = 5_000;

  constructor(options: {
    work: () => Promise<number | undefined>;
    clock: () => number;
    onError: (error: unknown) => void;
  }) {
    this.#work = options.work;
    this.#clock = options.clock;
    this.#onError = options.onError;
  }

  wake(): void {
    if (this.#closed) return;
    this.#woken = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
      if (this.#woken) this.wake();
    });
  }

  /** Lets the running call end, and begins no other. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#woken = false;
    clearTimeout(this.#timer);
    await this.#running;
  }

  async #run(): Promise<void> {
    let dueAtMs: number | undefined;
    while (this.#woken && !this.#closed) {
      this.#woken = false;
      try {
        dueAtMs = await this.#work();
      } catch (error) {
        this.#onError(error);
        dueAtMs = this.#clock() + 1_000;
      }
    }
    this.#sleepUntil(dueAtMs);
  }

  #sleepUntil(dueAtMs: number | undefined): void {
    clearTimeout(this.#timer);
    if (this.#closed) return;
    const waitMs = dueAtMs === undefined ? QueueWorker.pollMs : Math.max(1, dueAtMs - this.#clock());
    this.#timer = setTimeout(() => this.wake(), Math.min(waitMs, QueueWorker.pollMs)).unref();
  }
}
