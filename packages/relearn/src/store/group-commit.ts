import { setImmediate as nextTurn } from 'node:timers/promises';
import { isBusy, isConstraint, StoreUnavailable, storageFault } from './store-unavailable.ts';

/*
 * 1. A work's promise resolves only after the commit that holds it.
 * 2. A work that throws is rolled back alone: its savepoint is undone, the others of its group commit.
 * 3. A storage fault fails its whole group: nothing of it is kept, and each of its works is told.
 * 4. Works run one at a time, in the order they came.
 * 5. A work that has ended, well or not, can no longer write.
 * 6. A group that a deferred constraint refuses is rolled back and its works run again, each in a transaction of its own: the guilty one fails alone.
 * 7. Whatever the port or a listener throws, every work is told and the next ones run.
 */

/** What the writing connection must do; statements only, so that it can be tested without a disk. */
export interface TransactionPort {
  begin(): void;
  savepoint(): void;
  releaseSavepoint(): void;
  rollbackToSavepoint(): void;
  commit(): void;
  rollback(): void;
  /** False once SQLite itself has rolled back. */
  readonly open: boolean;
}

/** A work while it runs. */
export interface Run<T> {
  run(): Promise<T> | T;
  /** How long the store has taken of it so far; ms. */
  storeMs(): number;
  /** Called when the work has ended, however it did. */
  end(): void;
}

interface Work {
  begin(): Run<unknown>;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

export interface GroupCommitOptions {
  /** A group takes no further works after this long; 25. */
  readonly groupMsMax?: number;
  /** The event loop gets a turn after this long; 4. */
  readonly turnMsMax?: number;
  /** A work that took this long, the store's part left out, awaits something that is not the store; 1,000. */
  readonly workMsMax?: number;
  /** How long to try again while another process holds the database; 2,000. */
  readonly busyMsMax?: number;
  onCommit(): void;
}

/** Runs works on one connection and commits those that wait at the same time together. */
export class GroupCommit {
  readonly #port: TransactionPort;
  readonly #options: Required<GroupCommitOptions>;
  readonly #waiting: Work[] = [];
  #draining: Promise<void> | undefined;
  #fault: string | undefined;
  #closed = false;

  constructor(port: TransactionPort, options: GroupCommitOptions) {
    this.#port = port;
    this.#options = { groupMsMax: 25, turnMsMax: 4, workMsMax: 1_000, busyMsMax: 2_000, ...options };
  }

  /** Why the last commit failed; undefined once one has succeeded again. */
  get fault(): string | undefined {
    return this.#fault;
  }

  /** `begin` gives what to run, once the work's turn has come. */
  submit<T>(begin: () => Run<T>): Promise<T> {
    if (this.#closed) return Promise.reject(new StoreUnavailable('the store is closed'));
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ begin, resolve: resolve as (result: unknown) => void, reject });
      this.#draining ??= this.#drain();
    });
  }

  /** Finishes what was submitted, and takes no more. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#draining;
  }

  async #drain(): Promise<void> {
    await nextTurn();
    while (this.#waiting.length > 0) {
      await this.#commitGroup(this.#waiting);
      await nextTurn();
    }
    this.#draining = undefined;
  }

  /** Commits works of `source` together, and leaves those that the group has no time for. */
  async #commitGroup(source: Work[]): Promise<void> {
    const taken: Work[] = [];
    let ended: (() => void)[];
    try {
      await this.#begin();
      ended = await this.#runGroup(source, taken);
      this.#port.commit();
    } catch (error) {
      const fault = this.#undo() ?? error;
      if (isConstraint(fault)) await this.#commitEach(taken, fault);
      else this.#failGroup(taken.length > 0 ? taken : source.splice(0), fault);
      return;
    }
    this.#fault = undefined;
    for (const tell of ended) tell();
    this.#tellCommit();
  }

  async #commitEach(works: readonly Work[], error: unknown): Promise<void> {
    if (works.length === 1) return works[0]?.reject(error);
    for (const work of works) {
      await this.#commitGroup([work]);
      await nextTurn(); // so that callers undo what they hold in memory before the next work begins
    }
  }

  #tellCommit(): void {
    try {
      this.#options.onCommit();
    } catch (error) {
      process.emitWarning(`A listener to commits failed: ${String(error)}`);
    }
  }

  /** Leaves no transaction open; returns why it could not. */
  #undo(): unknown {
    try {
      if (this.#port.open) this.#port.rollback();
      return undefined;
    } catch (error) {
      return (
        storageFault(error) ?? new StoreUnavailable(`a transaction cannot be rolled back: ${String(error)}`, error)
      );
    }
  }

  async #begin(): Promise<void> {
    const giveUpAtMs = performance.now() + this.#options.busyMsMax;
    for (let waitMs = 1; ; waitMs = Math.min(waitMs * 2, 50)) {
      try {
        return this.#port.begin();
      } catch (error) {
        if (!isBusy(error) || performance.now() >= giveUpAtMs) throw error;
        await new Promise((resolve) => setTimeout(resolve, waitMs));
      }
    }
  }

  /** Returns what to tell the callers after the commit. */
  async #runGroup(source: Work[], taken: Work[]): Promise<(() => void)[]> {
    const { groupMsMax, turnMsMax } = this.#options;
    const startedAtMs = performance.now();
    const ended: (() => void)[] = [];
    let turnAtMs = startedAtMs;
    for (let work = source.shift(); work; work = source.shift()) {
      taken.push(work);
      ended.push(await this.#runOne(work));
      const nowMs = performance.now();
      if (nowMs - startedAtMs > groupMsMax) break;
      if (nowMs - turnAtMs > turnMsMax) {
        await nextTurn();
        turnAtMs = performance.now();
      }
    }
    return ended;
  }

  /** Runs one work in its savepoint; returns what to tell its caller after the commit. @throws on a storage fault. */
  async #runOne(work: Work): Promise<() => void> {
    this.#port.savepoint();
    const running = work.begin();
    try {
      const pending = running.run();
      const result = pending instanceof Promise ? await this.#within(pending, running) : pending;
      this.#port.releaseSavepoint();
      return () => work.resolve(result);
    } catch (error) {
      if (!this.#port.open || storageFault(error)) throw error;
      this.#port.rollbackToSavepoint();
      return () => work.reject(error);
    } finally {
      running.end();
    }
  }

  /** As `pending`, or an error once the work has spent its time outside the store. */
  async #within<T>(pending: Promise<T>, running: Run<unknown>): Promise<T> {
    const { workMsMax } = this.#options;
    const startedAtMs = performance.now();
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<never>((_, reject) => {
      const check = () => {
        const leftMs = workMsMax - (performance.now() - startedAtMs - running.storeMs());
        if (leftMs > 0) timer = setTimeout(check, Math.ceil(leftMs));
        else reject(new Error(tooLongText(workMsMax)));
      };
      check();
    });
    try {
      return await Promise.race([pending, tooLong]);
    } finally {
      clearTimeout(timer);
    }
  }

  #failGroup(works: readonly Work[], error: unknown): void {
    const fault =
      storageFault(error) ?? new StoreUnavailable(error instanceof Error ? error.message : String(error), error);
    this.#fault = fault.message;
    for (const work of works) work.reject(fault);
  }
}

function tooLongText(workMsMax: number): string {
  return `A unit of work did not end within ${workMsMax} ms: it may await the store alone, nothing else.`;
}
