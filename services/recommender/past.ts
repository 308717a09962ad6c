import { newestTime } from './newest-time.ts';
import type { BlendSettings, Given } from './ranker-settings.ts';
import { type Cases, windowsOf } from './windows.ts';

/** What was known at some time, and what users wanted then. */
export interface Past {
  readonly given: Given;
  readonly cases: Cases;
}

/** Past times, newest first. */
export function pastOf(given: Given, { past }: BlendSettings): Past[] {
  return windowsOf(given.data, past)
    .map(({ train, nowMs, cases }) => {
      const context = { ...given.context, nowMs: newestTime(train.atMs, nowMs) };
      return { given: { ...given, data: train, context }, cases };
    })
    .reverse();
}
