import { pairedBootstrap } from '../statistics/paired-bootstrap.ts';
import { type ChampionOrigin, championTrial } from './champion-trial.ts';
import type { AnyDefinition } from './definition.ts';
import { type Evaluation, newestFifth, type Window } from './evaluation.ts';
import type { GoldenPrediction } from './golden.ts';
import type { Model, TrainingContext, Trial } from './model.ts';
import { NotEnoughData } from './not-enough-data.ts';
import type { LeaderboardRow } from './training-run.ts';

/** What a training hands over. */
export interface TrainedTrial {
  readonly trial: string;
  readonly metrics: Readonly<Record<string, number>>;
  readonly leaderboard: readonly LeaderboardRow[];
  readonly bytes: Uint8Array;
  readonly golden: readonly GoldenPrediction[];
  /** Why this version is not promoted: what the champion was trained with is better on the windows, beyond noise, or cannot be run. */
  readonly heldBack?: string;
}

/** How a trial did: each metric per unit, over all windows, in their order. */
interface Result {
  readonly name: string;
  readonly trial: Trial;
  readonly values: Readonly<Record<string, Float64Array>>;
  readonly trainMs: number;
  readonly scoreMs: number;
  /** Encoded size of the model of the last window. */
  readonly sizeBytes: number;
}

/**
 * Compares the trials on the windows, chooses the simplest that is not worse than the best beyond noise, and trains it on
 * everything. What the champion was trained with runs on the same windows, but is not chosen unless it is one of the trials. The same data, seed and
 * kind of processor give the same version.
 *
 * @throws NotEnoughData
 */
export async function runTrials(
  definition: AnyDefinition,
  data: unknown,
  context: TrainingContext & { readonly champion?: ChampionOrigin | undefined },
): Promise<TrainedTrial> {
  const trials: readonly Trial[] = definition.trials;
  const evaluation: Evaluation = definition.evaluation ?? newestFifth(rewardOf(definition));
  const windows = evaluation.windows(data);
  if (windows.length === 0)
    throw new NotEnoughData('The data give no window to compare trials on; bring a longer history.');
  const defender = context.champion && championTrial(trials, context.champion);
  const compared = defender === undefined || trials.includes(defender) ? trials : [...trials, defender];
  const stepCount = compared.length * windows.length + 1;
  const results: Result[] = [];
  for (const [order, trial] of compared.entries()) {
    const within = part(context, { order: order * windows.length, count: windows.length, stepCount });
    const name = order < trials.length ? trial.name : `${trial.name} of ${context.champion!.id}`;
    results.push(await runTrial({ name, trial }, { evaluation, windows, context: within }));
  }
  const { primary } = evaluation;
  const chosen = choose(results.slice(0, trials.length), primary, context.seed);
  const final = part(context, { order: stepCount - 1, count: 1, stepCount });
  final.progress(0, `${chosen.trial.name}: training on everything`);
  const model = await chosen.trial.train(data, final);
  const bytes = chosen.trial.encode(model);
  final.progress(1, `${chosen.trial.name}: trained`);
  const champion = results.find(({ trial }) => trial === defender);
  const heldBack = context.champion && whyHeldBack(context.champion, { chosen, champion, primary, seed: context.seed });
  return {
    trial: chosen.trial.name,
    metrics: meansOf(chosen),
    leaderboard: leaderboard(results, { chosen, primary, seed: context.seed }),
    bytes,
    golden: goldenPredictions(definition, data, model),
    ...(heldBack === undefined ? {} : { heldBack }),
  };
}

function rewardOf({ name, reward }: AnyDefinition) {
  if (reward === undefined) throw new TypeError(`Service ${name} needs reward or evaluation to compare its trials.`);
  return reward;
}

/** Progress and clock of one part of the whole. */
function part(
  context: TrainingContext,
  { order, count, stepCount }: { order: number; count: number; stepCount: number },
): TrainingContext {
  return { ...context, progress: (share, note) => context.progress((order + share * count) / stepCount, note) };
}

async function runTrial(
  { name, trial }: Pick<Result, 'name' | 'trial'>,
  { evaluation, windows, context }: { evaluation: Evaluation; windows: readonly Window[]; context: TrainingContext },
): Promise<Result> {
  const values: Record<string, number[]> = {};
  const spentMs = { train: 0, score: 0 };
  let sizeBytes = 0;
  for (const [order, window] of windows.entries()) {
    const step = part(context, { order, count: 1, stepCount: windows.length });
    step.progress(0, `${name}: training on ${window.name}`);
    const startedMs = performance.now();
    const model = await trial.train(window.train, { ...step, nowMs: window.nowMs });
    const trainedMs = performance.now();
    step.progress(0.9, `${name}: scoring on ${window.name}`);
    const scores = await evaluation.score(model, window.cases);
    for (const [metric, perUnit] of Object.entries(scores)) {
      values[metric] = appendAll(values[metric] ?? [], perUnit);
    }
    spentMs.train += trainedMs - startedMs;
    spentMs.score += performance.now() - trainedMs;
    if (order === windows.length - 1) sizeBytes = trial.encode(model).length;
    step.progress(1);
  }
  const columns = Object.entries(values).map(([metric, all]) => [metric, Float64Array.from(all)]);
  return {
    name,
    trial,
    values: Object.fromEntries(columns),
    trainMs: spentMs.train,
    scoreMs: spentMs.score,
    sizeBytes,
  };
}

function appendAll(to: number[], values: Float64Array): number[] {
  for (const value of values) to.push(value);
  return to;
}

function choose(results: readonly Result[], primary: string, seed: number): Result {
  const best = results.reduce((a, b) => (meanOf(b, primary) > meanOf(a, primary) ? b : a));
  return results.find((result) => !isBetter(best, result, primary, seed)) ?? best;
}

/** Whether `a` is better than `b` beyond noise. */
function isBetter(a: Result, b: Result, primary: string, seed: number): boolean {
  return a !== b && pairedBootstrap(unitsOf(a, primary), unitsOf(b, primary), seed)[0] > 0;
}

interface Comparison {
  readonly chosen: Result;
  /** Undefined when this code cannot train what the champion was trained with. */
  readonly champion: Result | undefined;
  readonly primary: string;
  readonly seed: number;
}

function whyHeldBack(origin: ChampionOrigin, { chosen, champion, primary, seed }: Comparison): string | undefined {
  if (champion === undefined) {
    return `${origin.id}, which answers now, cannot be compared: this code has no trial ${origin.trial} with the settings it was trained with. Promote this version if it is to answer.`;
  }
  if (!isBetter(champion, chosen, primary, seed)) return undefined;
  return `${origin.trial} of ${origin.id}, which answers now, is better on the windows: ${meanOf(champion, primary).toFixed(4)} against ${meanOf(chosen, primary).toFixed(4)} ${primary}.`;
}

function unitsOf({ name, values }: Result, metric: string): Float64Array {
  const units = values[metric];
  if (units === undefined) throw new TypeError(`The evaluation of ${name} gave no ${metric}.`);
  if (units.length === 0) throw new NotEnoughData('No unit is left to compare trials on; bring more data.');
  return units;
}

function meanOf(result: Result, metric: string): number {
  return mean(unitsOf(result, metric));
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return values.length === 0 ? 0 : sum / values.length;
}

function meansOf({ values }: Result): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([metric, units]) => [metric, mean(units)]));
}

function leaderboard(
  results: readonly Result[],
  { chosen, primary, seed }: { chosen: Result; primary: string; seed: number },
): LeaderboardRow[] {
  const simplest = results[0]!;
  return results.map((result) => ({
    trial: result.name,
    settings: result.trial.settings,
    metrics: meansOf(result),
    difference: pairedBootstrap(unitsOf(result, primary), unitsOf(simplest, primary), seed),
    trainMs: result.trainMs,
    scoreMs: result.scoreMs,
    sizeBytes: result.sizeBytes,
    chosen: result === chosen,
  }));
}

function goldenPredictions(definition: AnyDefinition, data: unknown, model: Model): GoldenPrediction[] {
  return definition.golden(data).map((features: unknown) => ({ features, output: model.predict(features) }));
}
