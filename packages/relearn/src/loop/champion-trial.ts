import { isDeepStrictEqual } from 'node:util';
import type { Trial } from './model.ts';
import type { VersionRecord } from './version.ts';

/** What the version that answers was trained with. */
export type ChampionOrigin = Pick<VersionRecord, 'id' | 'trial' | 'settings'>;

/**
 * The trial that the champion came of, with the settings it had then, so that it can be run on the same windows as the others: one of these, or one
 * made by {@link Trial.withSettings}. Undefined when this code can make none.
 */
export function championTrial(trials: readonly Trial[], { trial: name, settings }: ChampionOrigin): Trial | undefined {
  const named = trials.find((trial) => trial.name === name);
  if (named === undefined || isDeepStrictEqual(recorded(named.settings), settings)) return named;
  return named.withSettings?.(settings);
}

/** Settings as a version's record keeps them. */
function recorded(settings: Trial['settings']): unknown {
  return JSON.parse(JSON.stringify(settings));
}
