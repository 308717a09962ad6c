import { Worker } from 'node:worker_threads';
import type { TrainedTrial } from './run-trials.ts';
import type { TrainingMessage, TrainingOrder } from './training-messages.ts';

const CANCEL_GRACE_MS = 2_000;

/** Short-lived objects of a training are few; without a limit its thread takes several times as much. */
const YOUNG_MIB_MAX = 32;

/** Thrown when a training ended because it was cancelled. */
export class TrainingCancelled extends Error {
  override readonly name = 'TrainingCancelled';
}

export interface TrainingDone {
  readonly trained: TrainedTrial;
  readonly range: readonly [number, number];
}

export interface TrainingLimits {
  readonly signal: AbortSignal;
  onProgress(this: void, share: number, note: string | undefined): void;
  /** Most JavaScript heap, MiB; Node's own limit when undefined. */
  readonly heapMb?: number | undefined;
}

/**
 * Runs one training in a worker thread. When `signal` aborts, the training is told and, if it does not end by itself, its thread is
 * ended.
 *
 * @throws TrainingCancelled, or an Error with the message of what failed in the thread.
 */
export async function trainInWorker(
  order: Omit<TrainingOrder, 'cancelled'>,
  { signal, onProgress, heapMb }: TrainingLimits,
): Promise<TrainingDone> {
  const cancelled = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const workerData: TrainingOrder = { ...order, cancelled };
  const worker = new Worker(new URL('./training-worker.ts', import.meta.url), {
    workerData,
    name: 'training',
    resourceLimits: {
      maxYoungGenerationSizeMb: YOUNG_MIB_MAX,
      ...(heapMb === undefined ? {} : { maxOldGenerationSizeMb: heapMb }),
    },
  });
  const cancel = () => {
    Atomics.store(new Int32Array(cancelled), 0, 1);
    setTimeout(() => void worker.terminate(), CANCEL_GRACE_MS).unref();
  };
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  try {
    return await result(worker, onProgress);
  } catch (error) {
    if (signal.aborted) throw new TrainingCancelled('The training was cancelled.', { cause: error });
    throw isOutOfMemory(error) ? new Error(outOfMemory(heapMb), { cause: error }) : error;
  } finally {
    signal.removeEventListener('abort', cancel);
    await worker.terminate();
  }
}

function isOutOfMemory(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY';
}

function outOfMemory(heapMb: number | undefined): string {
  const limit = heapMb === undefined ? '' : ` of ${heapMb} MiB`;
  return `The training ran out of its heap${limit}. Train on less, or allow more with trainingHeapMb.`;
}

function result(worker: Worker, onProgress: TrainingLimits['onProgress']): Promise<TrainingDone> {
  return new Promise((resolve, reject) => {
    worker.on('message', (message: TrainingMessage) => {
      if (message.kind === 'progress') onProgress(message.share, message.note);
      else if (message.kind === 'done') resolve(message);
      else reject(new Error(message.message));
    });
    worker.once('error', reject);
    worker.once('exit', (code) =>
      reject(new Error(`The training's thread ended with code ${code} before it was done.`)),
    );
  });
}
