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

/** Threads that wait for work on memories lent to them. They keep no process alive. */
export class ThreadPool {
  readonly #workers: readonly Worker[];

  /** @param threadCount threads beside the caller's own; one less than the cores unless said. */
  constructor(threadCount = availableParallelism() - 1) {
    this.#workers = Array.from({ length: Math.max(0, threadCount) }, () => {
      const worker = new Worker(new URL('./pool-thread.ts', import.meta.url), {
        workerData: { module: kernelsModule() },
      });
      worker.unref();
      return worker;
    });
  }

  /** Has the threads join in rounds on a memory until {@link Team.dismiss}. */
  join(memory: WebAssembly.Memory, kernels: Kernels): Team {
    for (const worker of this.#workers) worker.postMessage(memory);
    return new Team(memory, kernels);
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}

/** The caller and its threads at work on one memory. */
export class Team {
  readonly #control: Int32Array;
  readonly #kernels: Kernels;

  constructor(memory: WebAssembly.Memory, kernels: Kernels) {
    this.#control = new Int32Array(memory.buffer, 0, 16);
    this.#kernels = kernels;
  }

  /** Runs a round; returns when all of it is done. Blocks the calling thread. */
  updateTriangle({ matrix, stride, a, b, depth, blocks, skipped }: TriangleUpdate): void {
    const control = this.#control;
    control.set([matrix, stride, a, b, depth, blocks, skipped], FIRST_ARGUMENT);
    Atomics.store(control, DONE, 0);
    Atomics.store(control, COUNT, blocks);
    Atomics.store(control, NEXT, 0);
    Atomics.add(control, ROUND, 1);
    Atomics.notify(control, ROUND);
    takeTasks(control, this.#kernels);
    for (let done = Atomics.load(control, DONE); done < blocks; done = Atomics.load(control, DONE)) {
      Atomics.wait(control, DONE, done, 50);
    }
    Atomics.store(control, COUNT, 0);
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
  const kernels = instantiateKernels(memory, module);
  for (let round = 0; ; ) {
    Atomics.wait(control, ROUND, round);
    round = Atomics.load(control, ROUND);
    if (round < 0) return;
    takeTasks(control, kernels);
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
