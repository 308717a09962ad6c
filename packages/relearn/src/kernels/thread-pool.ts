import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { instantiateKernels, type Kernels, kernelsModule } from './load-kernels.ts';

/*
 * Tasks of one round are taken from a counter, by the threads and by the caller, and a round ends when all are done. What a task
 * computes does not depend on who computes it, so results are the same bits whatever the number of threads.
 */

/** Places in the control block, i32 at the start of the memory; the arguments of a round follow. */
const ROUND = 0;
const NEXT = 1;
const COUNT = 2;
const DONE = 3;
const FIRST_ARGUMENT = 4;
const FAILED = 11;

const WAIT_MS = 50;
/** Far longer than a task takes. */
const STALL_MS = 60_000;

/** A round of {@link Kernels.subtractProduct}: task t updates the row block `blocks − 1 − t` of a lower triangle, the longest first. */
export interface TriangleUpdate {
  readonly matrix: number;
  readonly stride: number;
  readonly a: number;
  readonly b: number;
  readonly depth: number;
  readonly blocks: number;
  /** Row block that is left alone. */
  readonly skipped: number;
}

export interface ThreadPoolOptions {
  readonly module?: WebAssembly.Module;
  /** A round in which nothing is finished for so long is given up, ms; 60,000 unless said. */
  readonly stallMs?: number;
}

/** Threads that wait for work on memories lent to them. They keep no process alive. */
export class ThreadPool {
  readonly #workers: readonly Worker[];
  readonly #stallMs: number | undefined;
  #death: unknown;

  /** @param threadCount threads beside the caller's own; one less than the cores unless said. */
  constructor(threadCount = availableParallelism() - 1, { module = kernelsModule(), stallMs }: ThreadPoolOptions = {}) {
    this.#stallMs = stallMs;
    this.#workers = Array.from({ length: Math.max(0, threadCount) }, () => {
      const worker = new Worker(new URL('./pool-thread.ts', import.meta.url), { workerData: { module } });
      worker.once('error', (error) => {
        this.#death ??= error;
      });
      worker.unref();
      return worker;
    });
  }

  /** Has the threads join in rounds on a memory until {@link Team.dismiss}. @throws Error when one of them is dead. */
  join(memory: WebAssembly.Memory, kernels: Kernels): Team {
    if (this.#death !== undefined) throw new Error('A thread of the pool has died.', { cause: this.#death });
    for (const worker of this.#workers) worker.postMessage(memory);
    return new Team(memory, kernels, this.#stallMs);
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}

/** The caller and its threads at work on one memory. */
export class Team {
  readonly #control: Int32Array;
  readonly #kernels: Kernels;
  readonly #stallMs: number;

  constructor(memory: WebAssembly.Memory, kernels: Kernels, stallMs = STALL_MS) {
    this.#control = new Int32Array(memory.buffer, 0, 16);
    this.#kernels = kernels;
    this.#stallMs = stallMs;
  }

  /** Runs a round; returns when all of it is done. Blocks the calling thread. @throws Error when a thread died over its task. */
  updateTriangle({ matrix, stride, a, b, depth, blocks, skipped }: TriangleUpdate): void {
    const control = this.#control;
    control.set([matrix, stride, a, b, depth, blocks, skipped], FIRST_ARGUMENT);
    Atomics.store(control, DONE, 0);
    Atomics.store(control, COUNT, blocks);
    Atomics.store(control, NEXT, 0);
    Atomics.add(control, ROUND, 1);
    Atomics.notify(control, ROUND);
    takeTasks(control, this.#kernels);
    this.#awaitDone(blocks);
    Atomics.store(control, COUNT, 0);
  }

  /** A thread that fails says so; one that was ended cannot, and is known by what it never finishes. */
  #awaitDone(count: number): void {
    const control = this.#control;
    let [before, waits] = [-1, 0];
    for (let done = Atomics.load(control, DONE); done < count; done = Atomics.load(control, DONE)) {
      if (Atomics.load(control, FAILED) !== 0) throw new Error('A thread of the pool failed at its task.');
      waits = done === before ? waits + 1 : 0;
      if (waits * WAIT_MS > this.#stallMs) {
        throw new Error(
          `A thread of the pool has not finished its task for ${this.#stallMs / 1000} s; it may be dead.`,
        );
      }
      before = done;
      Atomics.wait(control, DONE, done, WAIT_MS);
    }
  }

  /** Lets the threads go. */
  dismiss(): void {
    Atomics.store(this.#control, ROUND, -1);
    Atomics.notify(this.#control, ROUND);
  }
}

/** A thread's life on one memory: round after round until it is dismissed. */
export function followRounds(memory: WebAssembly.Memory, module: WebAssembly.Module): void {
  const control = new Int32Array(memory.buffer, 0, 16);
  try {
    const kernels = instantiateKernels(memory, module);
    for (let round = 0; ; ) {
      Atomics.wait(control, ROUND, round);
      round = Atomics.load(control, ROUND);
      if (round < 0) return;
      takeTasks(control, kernels);
    }
  } catch (error) {
    Atomics.store(control, FAILED, 1);
    Atomics.notify(control, DONE);
    throw error;
  }
}

function takeTasks(control: Int32Array, kernels: Kernels): void {
  for (
    let task = Atomics.add(control, NEXT, 1);
    task < Atomics.load(control, COUNT);
    task = Atomics.add(control, NEXT, 1)
  ) {
    const [matrix, stride, a, b, depth, blocks, skipped] = control.subarray(FIRST_ARGUMENT) as unknown as Required<
      number[]
    > &
      [number, number, number, number, number, number, number];
    const block = blocks - 1 - task;
    if (block !== skipped) {
      const target = (matrix >>> 0) + block * depth * stride * 4;
      const rows = (a >>> 0) + block * depth * depth * 4;
      kernels.subtractProduct(target, stride, rows, b >>> 0, depth, depth, (block + 1) * depth);
    }
    Atomics.add(control, DONE, 1);
    Atomics.notify(control, DONE);
  }
}
