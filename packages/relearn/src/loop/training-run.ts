/** What one trial showed on the windows. */
export interface LeaderboardRow {
  readonly trial: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Means over units of all windows. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Paired bootstrap against the simplest trial: 95 % interval of the difference in the primary metric. */
  readonly difference: readonly [low: number, high: number];
  readonly trainMs: number;
  readonly scoreMs: number;
  readonly sizeBytes: number;
  readonly chosen: boolean;
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
  readonly error?: string;
}
