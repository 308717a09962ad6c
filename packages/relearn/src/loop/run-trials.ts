import { type ChampionOrigin, championTrial } from './champion-trial.ts';
import type { AnyDefinition } from './definition.ts';
import { type Evaluation, newestFifth } from './evaluation.ts';
import { findSettings } from './find-settings.ts';
import type { GoldenPrediction } from './golden.ts';
import { bestOf, leaderboard } from './leaderboard.ts';
import type { Model, TrainingContext, Trial } from './model.ts';
import { NotEnoughData } from './not-enough-data.ts';
import { type Comparison, isBetter, meanOf, meansOf, part, type Result, runTrial } from './run-trial.ts';
import type { LeaderboardRow, LeftOut, TrainingBudget } from './training-run.ts';
import { TrialBudget } from './trial-budget.ts';

/** What a training hands over. */
export interface TrainedTrial {
  readonly trial: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly metrics: Readonly<Record<string, number>>;
  readonly leaderboard: readonly LeaderboardRow[];
  readonly leftOut: readonly LeftOut[];
  readonly bytes: Uint8Array;
  readonly golden: readonly GoldenPrediction[];
  /** Why this version is not promoted: what the champion was trained with is better on the windows, beyond noise, or cannot be run. */
  readonly heldBack?: string;
}

interface TrialsContext extends TrainingContext {
  readonly champion?: ChampionOrigin | undefined;
  readonly budget: TrainingBudget;
}

/**
 * Finds each trial's settings, compares the trials on the windows, chooses the simplest that is not worse than the best beyond noise, and trains it on
 * everything; all within a budget, of which the simplest trial is free. What the champion was trained with runs on the same windows, but is not chosen unless
 * it is one of the trials. The same data, seed and kind of processor give the same version, unless time runs out.
 *
 * @throws NotEnoughData
 */
export async function runTrials(
  definition: AnyDefinition,
  data: unknown,
  context: TrialsContext,
): Promise<TrainedTrial> {
  const evaluation: Evaluation = definition.evaluation ?? newestFifth(rewardOf(definition));
  const windows = evaluation.windows(data);
  if (windows.length === 0)
    throw new NotEnoughData('The data give no window to compare trials on; bring a longer history.');
  const trials: readonly Trial[] = definition.trials;
  const defender = context.champion && championTrial(trials, context.champion);
  const budget = new TrialBudget(windows.length, context.budget);
  const stepCount = trials.length + (defender ? 1 : 0) + 1;
  const results: Result[] = [];
  for (const [order, trial] of trials.entries()) {
    if (!budget.allows(trial, data)) continue;
    const comparison = { evaluation, windows, context: part(context, { order, count: 1, stepCount }) };
    const result = await tryTrial(trial, comparison, budget);
    if (result !== undefined) results.push(result);
  }
  const { primary } = evaluation;
  const chosen = choose(results, primary, context.seed);
  const champion = context.champion && defender ? await defended(context.champion, defender) : undefined;
  const final = part(context, { order: stepCount - 1, count: 1, stepCount });
  final.progress(0, `${chosen.trial.name}: training on everything`);
  const model = await chosen.trial.train(data, final);
  const bytes = chosen.trial.encode(model);
  final.progress(1, `${chosen.trial.name}: trained`);
  const heldBack = context.champion && whyHeldBack(context.champion, { chosen, champion, primary, seed: context.seed });
  const compared = champion === undefined || results.includes(champion) ? results : [...results, champion];
  return {
    trial: chosen.trial.name,
    settings: chosen.trial.settings,
    metrics: meansOf(chosen),
    leaderboard: leaderboard(compared, { chosen, primary, seed: context.seed }),
    leftOut: budget.leftOut,
    bytes,
    golden: goldenPredictions(definition, data, model),
    ...(heldBack === undefined ? {} : { heldBack }),
  };

  /** How the champion's trial does with the settings it had: known already where they are those of today. */
  async function defended(origin: ChampionOrigin, trial: Trial): Promise<Result> {
    const known = results.find((result) => result.trial === trial);
    if (known !== undefined) return known;
    const within = part(context, { order: stepCount - 2, count: 1, stepCount });
    const name = `${trial.name} of ${origin.id}`;
    return runTrial({ name, trial, settingsTried: 1 }, { evaluation, windows, context: within });
  }
}

function rewardOf({ name, reward }: AnyDefinition) {
  if (reward === undefined) throw new TypeError(`Service ${name} needs reward or evaluation to compare its trials.`);
  return reward;
}

/** Undefined when the time ran out before it was done; the budget says so then. */
async function tryTrial(
  trial: Trial,
  { evaluation, windows, context }: Comparison,
  budget: TrialBudget,
): Promise<Result | undefined> {
  const isSearched = (trial.variants?.length ?? 0) > 0;
  const [search, comparison] = isSearched
    ? [part(context, { order: 0, count: 1, stepCount: 2 }), part(context, { order: 1, count: 1, stepCount: 2 })]
    : [context, context];
  return budget.within(trial, async () => {
    const window = windows.at(-1)!;
    const isOver = () => budget.isOver();
    const named = await findSettings(trial, { evaluation, window, isOver, context: budget.watching(search) });
    return runTrial(named, { evaluation, windows, context: budget.watching(comparison) });
  });
}

function choose(results: readonly Result[], primary: string, seed: number): Result {
  const best = bestOf(results, primary)!;
  return results.find((result) => !isBetter(best, result, primary, seed)) ?? best;
}

interface Defence {
  readonly chosen: Result;
  /** Undefined when this code cannot train what the champion was trained with. */
  readonly champion: Result | undefined;
  readonly primary: string;
  readonly seed: number;
}

function whyHeldBack(origin: ChampionOrigin, { chosen, champion, primary, seed }: Defence): string | undefined {
  if (champion === undefined) {
    return `${origin.id}, which answers now, cannot be compared: this code has no trial ${origin.trial} with the settings it was trained with. Promote this version if it is to answer.`;
  }
  if (!isBetter(champion, chosen, primary, seed)) return undefined;
  return `${origin.trial} of ${origin.id}, which answers now, is better on the windows: ${meanOf(champion, primary).toFixed(4)} against ${meanOf(chosen, primary).toFixed(4)} ${primary}.`;
}

function goldenPredictions(definition: AnyDefinition, data: unknown, model: Model): GoldenPrediction[] {
  return definition.golden(data).map((features: unknown) => ({ features, output: model.predict(features) }));
}
