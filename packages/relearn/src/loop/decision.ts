/** One row to learn from: a decision's logged features joined to its outcome, or an example brought along. */
export interface Example<Features = unknown, Outcome = unknown> {
  readonly features: Features;
  readonly outcome: Outcome;
  readonly atMs: number;
}

/** One prediction given, as it is answered. */
export interface Decision<Output = unknown> {
  /** UUID v7; travels with the answer, so that outcomes can be joined to it. */
  readonly id: string;
  /** Version that answered; undefined when the fallback did. */
  readonly version: string | undefined;
  readonly output: Output;
  /** True when the fallback answered. */
  readonly degraded: boolean;
}

/** What is asked of {@link Ai.decide}. */
export interface DecisionRequest<Features = any, Output = any> {
  /** Who it is for. */
  readonly unit: string;
  /** Place of the answer, where a service has several: `for-you`. */
  readonly surface?: string;
  readonly features: Features;
  fallback(this: void): Output;
  /** What the log keeps in place of features and output, as plain JSON values: a compact slate instead of a whole reply. Called at once. */
  log?(this: void, output: Output): { readonly features: unknown; readonly output: unknown };
}

/** One decision as the log keeps it. */
export interface LoggedDecision {
  readonly id: string;
  readonly atMs: number;
  readonly unit: string;
  readonly surface: string;
  readonly version: string | undefined;
  readonly degraded: boolean;
  readonly featureRevision: number;
  readonly features: unknown;
  readonly output: unknown;
}
