import { type BaseModels, trainBases } from './base-models.ts';
import { newestTime } from './newest-time.ts';
import type { BlendSettings, Given } from './ranker-settings.ts';
import { type Cases, windowsOf } from './windows.ts';

/** What would have been trained at some time, and what users wanted then. */
export interface Past {
  readonly given: Given;
  readonly bases: BaseModels;
  readonly cases: Cases;
}

/** Past times, newest first, one at a time: their models need not all be held. */
export function* pastOf(given: Given, settings: BlendSettings): Generator<Past> {
  for (const { train, nowMs, cases } of windowsOf(given.data, settings.past).toReversed()) {
    const context = { ...given.context, nowMs: newestTime(train.atMs, nowMs) };
    const then = { ...given, data: train, context };
    yield { given: then, bases: trainBases(then, settings), cases };
  }
}
