import { pairedBootstrap } from '../statistics/paired-bootstrap.ts';
import type { Evaluation, Window } from './evaluation.ts';
import type { TrainingContext, Trial } from './model.ts';
import { NotEnoughData } from './not-enough-data.ts';

/** How a trial did: each metric per unit, over all windows, in their order. */
export interface Result {
  readonly name: string;
  readonly trial: Trial;
  /** Settings tried before these were taken. */
  readonly settingsTried: number;
  readonly values: Readonly<Record<string, Float64Array>>;
  readonly trainMs: number;
  readonly scoreMs: number;
  /** Encoded size of the model of the last window. */
  readonly sizeBytes: number;
}

/** A trial under a name of its own, and how many settings were tried to find its own. */
export interface NamedTrial {
  readonly name: string;
  readonly trial: Trial;
  readonly settingsTried: number;
}

/** What all trials are compared on. */
export interface Comparison {
  readonly evaluation: Evaluation;
  readonly windows: readonly Window[];
  readonly context: TrainingContext;
}

/** Trains and scores a trial on every window. */
export async function runTrial(named: NamedTrial, { evaluation, windows, context }: Comparison): Promise<Result> {
  const { name, trial } = named;
  const values: Record<string, number[]> = {};
  const spentMs = { train: 0, score: 0 };
  let sizeBytes = 0;
  for (const [order, window] of windows.entries()) {
    const step = part(context, { order, count: 1, stepCount: windows.length });
    const { model, scores, trainMs, scoreMs } = await tryOnce({ name, trial }, { evaluation, window, context: step });
    for (const [metric, perUnit] of Object.entries(scores)) {
      values[metric] = appendAll(values[metric] ?? [], perUnit);
    }
    spentMs.train += trainMs;
    spentMs.score += scoreMs;
    if (order === windows.length - 1) sizeBytes = trial.encode(model).length;
    step.progress(1);
  }
  const columns = Object.entries(values).map(([metric, all]) => [metric, Float64Array.from(all)]);
  return {
    ...named,
    values: Object.fromEntries(columns),
    trainMs: spentMs.train,
    scoreMs: spentMs.score,
    sizeBytes,
  };
}

/** Trains on a window and scores what came after. */
export async function tryOnce(
  { name, trial }: Pick<NamedTrial, 'name' | 'trial'>,
  { evaluation, window, context }: { evaluation: Evaluation; window: Window; context: TrainingContext },
) {
  context.progress(0, `${name}: training on ${window.name}`);
  const startedMs = performance.now();
  const model = await trial.train(window.train, { ...context, nowMs: window.nowMs });
  const trainedMs = performance.now();
  context.progress(0.9, `${name}: scoring on ${window.name}`);
  const scores = await evaluation.score(model, window.cases);
  return { model, scores, trainMs: trainedMs - startedMs, scoreMs: performance.now() - trainedMs };
}

/** Progress and clock of one part of the whole. */
export function part(
  context: TrainingContext,
  { order, count, stepCount }: { order: number; count: number; stepCount: number },
): TrainingContext {
  return { ...context, progress: (share, note) => context.progress((order + share * count) / stepCount, note) };
}

/** Whether `a` is better than `b` beyond noise. */
export function isBetter(a: Result, b: Result, primary: string, seed: number): boolean {
  return a !== b && difference(a, b, primary, seed)[0] > 0;
}

/** 95 % interval of the difference `a − b` in a metric. */
export function difference(a: Result, b: Result, metric: string, seed: number): readonly [low: number, high: number] {
  return pairedBootstrap(unitsOf(a, metric), unitsOf(b, metric), seed);
}

export function meanOf(result: Result, metric: string): number {
  return mean(unitsOf(result, metric));
}

export function meansOf({ values }: Pick<Result, 'values'>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([metric, units]) => [metric, mean(units)]));
}

export function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return values.length === 0 ? 0 : sum / values.length;
}

export function unitsOf({ name, values }: Pick<Result, 'name' | 'values'>, metric: string): Float64Array {
  const units = values[metric];
  if (units === undefined) throw new TypeError(`The evaluation of ${name} gave no ${metric}.`);
  if (units.length === 0) throw new NotEnoughData('No unit is left to compare trials on; bring more data.');
  return units;
}

function appendAll(to: number[], values: Float64Array): number[] {
  for (const value of values) to.push(value);
  return to;
}
