import { difference, meanOf, meansOf, type Result } from './run-trial.ts';
import type { LeaderboardRow } from './training-run.ts';

interface Ranking {
  readonly chosen: Result;
  readonly primary: string;
  readonly seed: number;
}

/** Trials in their order, from simple to complex: what each reached, and what it brought for what it cost. */
export function leaderboard(results: readonly Result[], { chosen, primary, seed }: Ranking): LeaderboardRow[] {
  return results.map((result, at) => ({
    trial: result.name,
    settings: result.trial.settings,
    metrics: meansOf(result),
    difference: difference(result, results[0]!, primary, seed),
    ...bought(result, bestOf(results.slice(0, at), primary), { primary, seed }),
    settingsTried: result.settingsTried,
    trainMs: result.trainMs,
    scoreMs: result.scoreMs,
    sizeBytes: result.sizeBytes,
    chosen: result === chosen,
  }));
}

/** The one with the highest mean; of equals the first. */
export function bestOf(results: readonly Result[], primary: string): Result | undefined {
  return results.reduce<Result | undefined>(
    (best, next) => (best === undefined || meanOf(next, primary) > meanOf(best, primary) ? next : best),
    undefined,
  );
}

function bought(
  result: Result,
  over: Result | undefined,
  { primary, seed }: Omit<Ranking, 'chosen'>,
): Pick<LeaderboardRow, 'bought'> {
  if (over === undefined) return {};
  const trainMs = result.trainMs - over.trainMs;
  return { bought: { over: over.name, difference: difference(result, over, primary, seed), trainMs } };
}
