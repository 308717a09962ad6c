import type { LeaderboardRow, LeftOut } from '../loop/training-run.ts';
import type { Output } from './output.ts';

/** Trials in their order: what they reached, what they cost, and what that bought; then those that were not tried, and why. */
export function printLeaderboard(
  out: Output,
  { leaderboard: rows = [], leftOut = [] }: { leaderboard?: readonly LeaderboardRow[]; leftOut?: readonly LeftOut[] },
): void {
  const metrics = [...new Set(rows.flatMap((row) => Object.keys(row.metrics)))];
  const header = ['trial', ...metrics, 'bought', 'settings', 'train', 'score', 'size', ''];
  out.table(
    header,
    rows.map((row) => [
      row.trial,
      ...metrics.map((metric) => fixed(row.metrics[metric])),
      boughtBy(row),
      row.settingsTried,
      `${(row.trainMs / 1000).toFixed(2)} s`,
      `${(row.scoreMs / 1000).toFixed(2)} s`,
      size(row.sizeBytes),
      row.chosen ? '← chosen' : '',
    ]),
  );
  for (const { trial, why } of leftOut) out.remark(`${trial} was left out: ${why}.`);
}

/** `+0.0100 … +0.0200 over popularity for 1.2 s more`. */
function boughtBy({ bought }: LeaderboardRow): string {
  if (bought === undefined) return '';
  const { over, difference, trainMs } = bought;
  const seconds = `${(Math.abs(trainMs) / 1000).toFixed(2)} s ${trainMs < 0 ? 'less' : 'more'}`;
  return `${difference.map(signed).join(' … ')} over ${over} for ${seconds}`;
}

function fixed(value: number | undefined): string {
  return value === undefined ? '–' : value.toFixed(4);
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;
}

function size(bytes: number): string {
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
