import type { Item } from './products.ts';

const DAY_MS = 86_400_000;

/** How the whole shop's wish for an item moves over the history. */
export interface Demand {
  /** Share of the item's highest demand at this time, above 0 and at most 1. */
  at(item: Item, atMs: number): number;
}

/** Trend grows demand exponentially over the history; season swings it around the day of the year. */
export function demandOver(startMs: number, endMs: number): Demand {
  return {
    at(item, atMs) {
      const progress = (atMs - startMs) / (endMs - startMs);
      const trend = Math.exp(item.trend * (item.trend > 0 ? Math.min(progress, 1.3) - 1.3 : progress));
      return Math.min(1, trend * season(item, atMs));
    },
  };
}

function season(item: Item, atMs: number): number {
  const season = item.category.season;
  if (season === undefined) return 1;
  const phase = ((dayOfYear(atMs) - season.peakDay) / 365) * 2 * Math.PI;
  return 1 - (season.swing * (1 - Math.cos(phase))) / 2;
}

function dayOfYear(atMs: number): number {
  return (atMs - Date.UTC(new Date(atMs).getUTCFullYear(), 0, 1)) / DAY_MS;
}
