import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { collectGarbage } from './collect-garbage.ts';
import { type CompiledKernels, compiledKernels } from './compiled-kernels.ts';
import { type Kernels, type TaskKernel, taskKernels } from './kernels.ts';
import { instantiateKernels } from './load-kernels.ts';

/*
 * Tasks of one round are taken from a counter that falls to 0, by the threads and by the caller, and a round ends when all are done. What a task
 * computes does not depend on who computes it, so results are the same bits whatever the number of threads.
 */

/** Places in the control block, i32 at the start of the memory; what a round is told follows. */
const ROUND = 0;
/** Tasks that nobody has taken: a thread that comes late finds 0 or less, whatever round has begun since. */
const LEFT = 1;
const COUNT = 2;
const DONE = 3;
const KERNEL = 4;
const FAILED = 5;

/** In the place of a round: nobody is wanted on this memory. */
const DISMISSED = -1;

/** Where a round's numbers lie, bytes: as in `assembly/round.ts`. */
const INTEGERS_AT = 64;
const REALS_AT = 256;

/** Some 30 µs. */
const SPINS = 3_000;

const WAIT_MS = 50;
/** A thread that does not come to it in so long frees its memories later. */
const FREE_MS = 1_000;
/** Far longer than a task takes. */
const STALL_MS = 60_000;

/** What all tasks of a round are told: whole numbers and addresses, and real numbers in f32; at most 48 of each. */
export interface RoundNumbers {
  readonly integers: readonly number[];
  readonly reals?: readonly number[];
}

export interface ThreadPoolOptions {
  readonly compiled?: CompiledKernels;
  /** A round in which nothing is finished for so long is given up, ms; 60,000 unless said. */
  readonly stallMs?: number;
}

/** Threads that wait for work on memories lent to them. They keep no process alive. */
export class ThreadPool {
  readonly #workers: readonly Worker[];
  readonly #stallMs: number | undefined;
  #death: unknown;

  /** @param threadCount threads beside the caller's own; one less than the cores unless said. */
  constructor(
    threadCount = availableParallelism() - 1,
    { compiled = compiledKernels(), stallMs }: ThreadPoolOptions = {},
  ) {
    this.#stallMs = stallMs;
    this.#workers = Array.from({ length: Math.max(0, threadCount) }, () => {
      const worker = new Worker(new URL('./pool-thread.ts', import.meta.url), { workerData: { compiled } });
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
    Atomics.compareExchange(new Int32Array(memory.buffer, 0, 16), ROUND, DISMISSED, 0);
    for (const worker of this.#workers) worker.postMessage(memory);
    return new Team(memory, kernels, this.#stallMs);
  }

  /** Gives back memories that nothing refers to any more, here and in the threads: where many large ones come and go. */
  freeMemories(): void {
    const done = new Int32Array(new SharedArrayBuffer(4));
    for (const worker of this.#workers) worker.postMessage(done);
    collectGarbage();
    for (let count = 0; count < this.#workers.length; count = Atomics.load(done, 0)) {
      if (Atomics.wait(done, 0, count, FREE_MS) === 'timed-out') return;
    }
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

  /**
   * Calls a kernel once for each task, 0 to taskCount − 1, in no order and on any thread; returns when all are done. Blocks the calling thread.
   *
   * @throws Error when a thread died over its task.
   */
  run(kernel: TaskKernel, taskCount: number, { integers, reals = [] }: RoundNumbers): void {
    const control = this.#control;
    new Int32Array(control.buffer, INTEGERS_AT).set(integers);
    new Float32Array(control.buffer, REALS_AT).set(reals);
    Atomics.store(control, KERNEL, taskKernels.indexOf(kernel));
    Atomics.store(control, DONE, 0);
    Atomics.store(control, COUNT, taskCount);
    Atomics.store(control, LEFT, taskCount);
    Atomics.add(control, ROUND, 1);
    Atomics.notify(control, ROUND);
    takeTasks(control, this.#kernels);
    this.#awaitDone(taskCount);
  }

  /** The same by the caller alone: where the tasks are so small that to wake the others would take longer. */
  runAlone(kernel: TaskKernel, taskCount: number, { integers, reals = [] }: RoundNumbers): void {
    new Int32Array(this.#control.buffer, INTEGERS_AT).set(integers);
    new Float32Array(this.#control.buffer, REALS_AT).set(reals);
    for (let task = 0; task < taskCount; task++) this.#kernels[kernel](task);
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
      spin(control, DONE, done);
      Atomics.wait(control, DONE, done, WAIT_MS);
    }
  }

  /** Lets the threads go. */
  dismiss(): void {
    Atomics.store(this.#control, ROUND, DISMISSED);
    Atomics.notify(this.#control, ROUND);
  }
}

/** A thread's life on one memory: round after round until it is dismissed. */
export function followRounds(memory: WebAssembly.Memory, compiled: CompiledKernels): void {
  const control = new Int32Array(memory.buffer, 0, 16);
  try {
    const kernels = instantiateKernels(memory, compiled);
    for (let round = 0; ; ) {
      spin(control, ROUND, round);
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
  for (let left = Atomics.sub(control, LEFT, 1); left > 0; left = Atomics.sub(control, LEFT, 1)) {
    const task = Atomics.load(control, COUNT) - left;
    kernels[taskKernels[Atomics.load(control, KERNEL)]!](task);
    Atomics.add(control, DONE, 1);
    Atomics.notify(control, DONE);
  }
}

/** Looks a while whether a value has changed: where rounds follow each other, to be woken takes longer than to wait. */
function spin(control: Int32Array, place: number, value: number): void {
  for (let look = 0; look < SPINS && Atomics.load(control, place) === value; look++);
}
