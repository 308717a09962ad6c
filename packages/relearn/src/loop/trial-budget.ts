import type { TrainingContext, Trial } from './model.ts';
import type { Result } from './run-trial.ts';
import type { LeftOut, TrainingBudget } from './training-run.ts';

/** Thrown out of a trial that ran into the end of the time. */
class TimeIsUp extends Error {
  override readonly name = 'TimeIsUp';
}

/**
 * Keeps trials to a budget. The first one that is tried is free, so that something always answers; of the time, what it would take to train the most
 * expensive one so far on everything is kept free.
 */
export class TrialBudget {
  readonly leftOut: LeftOut[] = [];
  readonly #budget: TrainingBudget;
  readonly #windowCount: number;
  readonly #startedMs = performance.now();
  #isFirst = true;
  #finalMs = 0;

  /** @param windowCount windows that each trial is trained on. */
  constructor(windowCount: number, budget: TrainingBudget) {
    this.#windowCount = windowCount;
    this.#budget = budget;
  }

  /** Whether a trial may begin; why not is in {@link leftOut}. */
  allows(trial: Trial, data: unknown): boolean {
    if (this.#isFirst) return true;
    const bytes = trial.memoryBytes?.(data) ?? 0;
    if (bytes > this.#budget.memoryBytes) {
      const why = `its training would take ${mebibytes(bytes)}, and the budget is ${mebibytes(this.#budget.memoryBytes)}`;
      this.leftOut.push({ trial: trial.name, why });
      return false;
    }
    if (!this.isOver()) return true;
    this.leftOut.push({ trial: trial.name, why: `the ${this.#seconds()} of the budget were over before it began` });
    return false;
  }

  /** Whether what is left of the time is needed for the last training. */
  isOver(): boolean {
    return !this.#isFirst && performance.now() - this.#startedMs + this.#finalMs >= this.#budget.timeMs;
  }

  /** A context that ends the trial once time is over, wherever it reports progress. */
  watching(context: TrainingContext): TrainingContext {
    return {
      ...context,
      progress: (share, note) => {
        context.progress(share, note);
        if (this.isOver()) throw new TimeIsUp();
      },
    };
  }

  /** Runs a trial; undefined, and in {@link leftOut}, when time was over before it ended. */
  async within(trial: Trial, run: () => Promise<Result>): Promise<Result | undefined> {
    try {
      const result = await run();
      this.#isFirst = false;
      this.#finalMs = Math.max(this.#finalMs, result.trainMs / this.#windowCount);
      return result;
    } catch (error) {
      if (!(error instanceof TimeIsUp)) throw error;
      this.leftOut.push({ trial: trial.name, why: `it was not done within the ${this.#seconds()} of the budget` });
      return undefined;
    }
  }

  #seconds(): string {
    return `${(this.#budget.timeMs / 1000).toFixed(0)} s`;
  }
}

function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024 ** 2)} MiB`;
}
