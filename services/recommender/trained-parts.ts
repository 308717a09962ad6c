import {
  type Ease,
  type EaseSettings,
  ThreadPool,
  trainEase,
  trainItemKnn,
  trainOwnFrequency,
  trainPopularity,
} from 'relearn/models';
import type { Dataset } from './dataset.ts';
import type { CommonParts } from './ranker-bytes.ts';
import type { Given } from './ranker-settings.ts';

/** What every version has. */
export function commonOf({ data, settings, context }: Given): CommonParts {
  return {
    itemIds: data.itemIds,
    popularity: trainedOnce(data, settings.popularity, () => trainPopularity(data, settings.popularity, context)),
    own: trainedOnce(data, settings.own, () => trainOwnFrequency(data, settings.own, context)),
    neighbours: trainedOnce(data, settings.neighbours, () => trainItemKnn(data, settings.neighbours, context)),
  };
}

export function easeOf({ data, context }: Given, settings: EaseSettings): Ease {
  return trainedOnce(data, settings, () => trainEase(data, settings, { ...context, ...threadsFor(data) }));
}

/** Items from which more threads are worth their memory. */
const THREADED_ITEMS_MIN = 1_000;

/** Threads of this process beside the one that trains; they wait, and keep nothing alive. */
let threads: ThreadPool | undefined;

export function threadsFor({ itemCount }: Dataset): { pool?: ThreadPool } {
  if (itemCount < THREADED_ITEMS_MIN) return {};
  threads ??= new ThreadPool();
  return { pool: threads };
}

const trained = new WeakMap<object, Map<object, unknown>>();

/** What several trials and windows share, settings and all, is trained once, and kept as long as its data. */
export function trainedOnce<T>(data: object, settings: object, train: () => T): T {
  const known = trained.get(data) ?? new Map<object, unknown>();
  trained.set(data, known);
  if (!known.has(settings)) known.set(settings, train());
  return known.get(settings) as T;
}
