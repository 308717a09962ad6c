/** What one trial showed on the windows. */
export interface LeaderboardRow {
  readonly trial: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Means over units of all windows. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Paired bootstrap against the simplest trial: 95 % interval of the difference in the primary metric. */
  readonly difference: readonly [low: number, high: number];
  /** What it brings over the best of the simpler ones; absent for the simplest. */
  readonly bought?: {
    readonly over: string;
    /** Paired bootstrap: 95 % interval of the difference in the primary metric. */
    readonly difference: readonly [low: number, high: number];
    /** Training it took longer, ms; below 0 where it was quicker. */
    readonly trainMs: number;
  };
  /** Settings tried for it. */
  readonly settingsTried: number;
  readonly trainMs: number;
  readonly scoreMs: number;
  readonly sizeBytes: number;
  readonly chosen: boolean;
}

/** A trial that was not tried. */
export interface LeftOut {
  readonly trial: string;
  readonly why: string;
}

/** What a training may take. */
export interface TrainingBudget {
  /** Within which trials are begun, ms; training the chosen one on everything is foretold and kept free. */
  readonly timeMs: number;
  /** Which no trial's training may exceed, bytes. */
  readonly memoryBytes: number;
}

/** What whoever starts a training may say. */
export interface TrainingWishes {
  readonly reason?: string;
  readonly seed?: number;
  readonly budget?: Partial<TrainingBudget>;
}

export interface TrainingRun {
  readonly id: string;
  readonly state: 'running' | 'succeeded' | 'failed' | 'cancelled';
  /** Why it was started: `asked for`, `schedule`, `500 outcomes`. */
  readonly reason: string;
  readonly seed: number;
  /** 0 to 1. */
  readonly progress: number;
  /** What is being done, or what became of the version. */
  readonly note: string;
  readonly startedAtMs: number;
  readonly endedAtMs?: number;
  readonly version?: string;
  readonly leaderboard?: readonly LeaderboardRow[];
  readonly leftOut?: readonly LeftOut[];
  readonly error?: string;
}
