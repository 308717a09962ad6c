import type { Decision, DecisionRequest } from './decision.ts';
import type { Model } from './model.ts';
import type { TrainingRun, TrainingWishes } from './training-run.ts';

/** The version that answers, loaded. */
export interface Champion<Features = any, Output = any> {
  readonly version: string;
  readonly model: Model<Features, Output>;
  readonly trial: string;
  readonly trainedAtMs: number;
}

/** The running loop of one AI service, given to its handlers. */
export interface Ai<Features = any, Output = any> {
  /**
   * Predicts with the champion and logs the decision. Synchronous: the log is written behind, so that a crash can lose the decisions
   * of the last {@link DECISION_LOSS_MS_MAX} ms.
   */
  decide(request: DecisionRequest<Features, Output>): Decision<Output>;
  /** The version that answers, if one is ready. */
  champion(): Champion<Features, Output> | undefined;
  /** Starts a training in a worker and answers at once. @throws ProblemError `loop.training-running` when one runs. */
  train(wishes?: TrainingWishes): Promise<TrainingRun>;
  /** Resolves when no training is running. */
  idle(): Promise<void>;
  /**
   * Forgets the decisions for these units so far, and the examples that came of them: the next training does not see them. What was brought along as
   * examples names no unit and stays. Looks through the whole decision log. May be repeated.
   */
  forget(...units: string[]): Promise<void>;
  /** Counts what a service with a dataset of its own has learned of, towards `retrain.outcomesMin`. */
  noteOutcomes(count: number): void;
}
