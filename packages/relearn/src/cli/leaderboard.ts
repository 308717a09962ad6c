import type { LeaderboardRow } from '../loop/training-run.ts';
import type { Output } from './output.ts';

/** Trials in their order: what they reached, how sure that is, and what they cost. */
export function printLeaderboard(out: Output, rows: readonly LeaderboardRow[]): void {
  const metrics = [...new Set(rows.flatMap((row) => Object.keys(row.metrics)))];
  const header = ['trial', ...metrics, 'against the first', 'train', 'score', 'size', ''];
  out.table(
    header,
    rows.map((row) => [
      row.trial,
      ...metrics.map((metric) => fixed(row.metrics[metric])),
      row.difference.map(signed).join(' … '),
      `${(row.trainMs / 1000).toFixed(2)} s`,
      `${(row.scoreMs / 1000).toFixed(2)} s`,
      size(row.sizeBytes),
      row.chosen ? '← chosen' : '',
    ]),
  );
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
