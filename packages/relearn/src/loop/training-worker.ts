import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { openReadOnlyStore } from '../store/index.ts';
import type { AiService } from './ai-service.ts';
import type { AnyDefinition } from './definition.ts';
import { loadExamples } from './load-examples.ts';
import type { TrainingContext } from './model.ts';
import { runTrials } from './run-trials.ts';
import type { TrainingMessage, TrainingOrder } from './training-messages.ts';

const PROGRESS_EVERY_MS = 50;
const CANCELLED_LOOK_EVERY_MS = 20;

/** Trains in a thread of its own: reads the store, writes nothing, and hands over bytes. */
async function train(order: TrainingOrder, port: MessagePort): Promise<void> {
  const tell = (message: TrainingMessage) => port.postMessage(message);
  const store = await openReadOnlyStore(order.storePath);
  const cancel = watchCancelled(new Int32Array(order.cancelled));
  try {
    const definition = await definitionOf(order.module);
    const context: TrainingContext = {
      seed: order.seed,
      nowMs: order.nowMs,
      signal: cancel.signal,
      progress: progress(tell, () => cancel.check()),
    };
    const load = definition.dataset?.load ?? ((from: typeof store) => loadExamples(from, definition));
    const { data, range } = await load(store, { nowMs: order.nowMs, signal: cancel.signal });
    const trained = await runTrials(definition, data, { ...context, champion: order.champion, budget: order.budget });
    tell({ kind: 'done', trained, range });
  } catch (error) {
    tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  } finally {
    cancel.close();
    await store.close();
  }
}

async function definitionOf(module: string): Promise<AnyDefinition> {
  const { default: service } = (await import(module)) as { default?: AiService };
  if (service?.definition === undefined) {
    throw new TypeError(`${module} has no AI service as its default export; export default aiService({ … }).`);
  }
  return service.definition;
}

/** Follows the flag: by a timer while the training awaits, and whenever it reports progress. */
function watchCancelled(flag: Int32Array) {
  const controller = new AbortController();
  const look = () => {
    if (Atomics.load(flag, 0) !== 0) controller.abort(new Error('The training was cancelled.'));
  };
  const timer = setInterval(look, CANCELLED_LOOK_EVERY_MS);
  return {
    signal: controller.signal,
    check() {
      look();
      controller.signal.throwIfAborted();
    },
    close: () => clearInterval(timer),
  };
}

/** Tells the share done, not more often than anyone looks; a note is always told. */
function progress(tell: (message: TrainingMessage) => void, check: () => void): TrainingContext['progress'] {
  let toldAtMs = Number.NEGATIVE_INFINITY;
  return (share, note) => {
    check();
    const nowMs = performance.now();
    if (note === undefined && nowMs - toldAtMs < PROGRESS_EVERY_MS) return;
    toldAtMs = nowMs;
    tell({ kind: 'progress', share: Math.min(1, Math.max(0, share)), note });
  };
}

if (parentPort === null) throw new Error('The training worker runs in a thread of its own.');
await train(workerData as TrainingOrder, parentPort);
