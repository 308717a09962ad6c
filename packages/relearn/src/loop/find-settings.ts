import { successiveHalving } from '../statistics/successive-halving.ts';
import type { Trial } from './model.ts';
import { type Comparison, mean, type NamedTrial, part, tryOnce, unitsOf } from './run-trial.ts';

/** A trial and settings to try beside its own. */
export interface SettingsSearch extends Omit<Comparison, 'windows'> {
  /** Where they are compared: the newest window. */
  readonly window: Comparison['windows'][number];
  /** Whether no time is left for another try. */
  isOver(this: void): boolean;
}

/** The trial with those of its settings that do best on a window, by successive halving over its variants. One without variants stays as it is. */
export async function findSettings(trial: Trial, search: SettingsSearch): Promise<NamedTrial> {
  const { name, variants = [] } = trial;
  if (variants.length === 0) return { name, trial, settingsTried: 1 };
  if (trial.withSettings === undefined) throw new TypeError(`Trial ${name} has variants, but no withSettings.`);
  const candidates = [trial, ...variants.map((settings) => trial.withSettings!(settings))];
  const { evaluation, window, context, isOver } = search;
  const thinned = evaluation.thinned?.bind(evaluation);
  let tries = 0;
  const standings = await successiveHalving(candidates, {
    isOver,
    async score(candidate, share) {
      const step = part(context, {
        order: Math.min(tries++, candidates.length),
        count: 1,
        stepCount: candidates.length + 1,
      });
      const asked = share < 1 && thinned ? thinned(window, share) : window;
      const { scores } = await tryOnce({ name, trial: candidate }, { evaluation, window: asked, context: step });
      return mean(unitsOf({ name, values: scores }, evaluation.primary));
    },
  });
  return { name, trial: standings[0]!.candidate, settingsTried: standings.length };
}
