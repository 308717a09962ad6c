/** Ms since the epoch. A clock that is moved by hand says when it was. */
export interface Clock {
  (): number;
  /** Calls `wake` after each move; returns what takes the wish back. */
  readonly onMove?: (wake: () => void) => () => void;
}

/**
 * Calls `work` when woken, when something falls due, and now and then besides, one call at a time. `work` returns when it wants to be called
 * again, ms since the epoch; undefined for "when woken".
 */
export class QueueWorker {
  readonly #work: () => Promise<number | undefined>;
  readonly #clock: Clock;
  readonly #onError: (error: unknown) => void;
  readonly #ignoreMoves: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #woken = false;
  #closed = false;

  /** What nobody woke it for is found after this long. */
  static readonly pollMs = 5_000;

  constructor(options: {
    work: () => Promise<number | undefined>;
    clock: Clock;
    onError: (error: unknown) => void;
  }) {
    this.#work = options.work;
    this.#clock = options.clock;
    this.#onError = options.onError;
    this.#ignoreMoves = options.clock.onMove?.(() => this.wake());
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
    this.#ignoreMoves?.();
    await this.#running;
  }

  async #run(): Promise<void> {
    let waitMs: number = QueueWorker.pollMs;
    while (this.#woken && !this.#closed) {
      this.#woken = false;
      try {
        waitMs = this.#waitMs(await this.#work());
      } catch (error) {
        this.#onError(error);
        waitMs = 1_000;
      }
    }
    this.#sleep(waitMs);
  }

  #waitMs(dueAtMs: number | undefined): number {
    if (dueAtMs === undefined || this.#ignoreMoves !== undefined) return QueueWorker.pollMs;
    return Math.min(Math.max(1, dueAtMs - this.#clock()), QueueWorker.pollMs);
  }

  #sleep(waitMs: number): void {
    clearTimeout(this.#timer);
    if (!this.#closed) this.#timer = setTimeout(() => this.wake(), waitMs).unref();
  }
}
