import type { History, RankingData } from './ranking.ts';

export const DAY_MS = 86_400_000;

export interface RowSettings {
  /** A deed's weight halves in so many days; it does not fade when left out, nor where no times are known. */
  readonly halfLifeDays?: number;
  /** Rows are divided by their length to this power, 0 to 1: 0 leaves heavy users heavy. */
  readonly normPower?: number;
}

/** Users by items, compressed sparse rows; each item once a user, at the weight of what says most. */
export interface UserItemRows {
  /** Shape (userCount + 1). */
  readonly start: Int32Array;
  readonly items: Int32Array;
  readonly weights: Float32Array;
}

/** How much a deed still weighs: `weight · 2^(−age / half-life)`. */
export function faded(weight: number, atMs: number, nowMs: number, halfLifeDays: number | undefined): number {
  if (halfLifeDays === undefined || Number.isNaN(atMs)) return weight;
  return weight * 2 ** (-Math.max(0, nowMs - atMs) / (halfLifeDays * DAY_MS));
}

/** Gathers each user's deeds to a row. Items below 0 are left out. O(deeds). */
export function userItemRows(
  data: RankingData,
  { halfLifeDays, normPower = 0 }: RowSettings,
  nowMs: number,
): UserItemRows {
  const start = new Int32Array(data.userCount + 1);
  const items = new Int32Array(data.items.length);
  const weights = new Float32Array(data.items.length);
  const place = new Int32Array(data.itemCount).fill(-1);
  let end = 0;
  for (let user = 0, deed = 0; user < data.userCount; user++) {
    const begin = end;
    for (; deed < data.users.length && data.users[deed] === user; deed++) {
      const item = data.items[deed]!;
      if (item < 0) continue;
      const weight = faded(data.weights[deed]!, data.atMs[deed]!, nowMs, halfLifeDays);
      if (place[item]! < begin) {
        place[item] = end;
        items[end] = item;
        weights[end++] = weight;
      } else {
        weights[place[item]!] = Math.max(weights[place[item]!]!, weight);
      }
    }
    normalise(weights.subarray(begin, end), normPower);
    start[user + 1] = end;
  }
  return { start, items: items.slice(0, end), weights: weights.slice(0, end) };
}

/** One user's row: items, each once, and what they weigh. Both of one length. */
export interface ItemRow {
  readonly rows: Int32Array;
  readonly weights: Float32Array;
}

/** A history as such a row: the same fading and length as in training. Items that are not 0 to itemCount − 1 are left out. O(deeds). */
export function historyRow(
  history: History,
  { halfLifeDays, normPower = 0 }: RowSettings,
  { nowMs, itemCount }: { readonly nowMs: number; readonly itemCount: number },
): ItemRow {
  const rows = new Int32Array(history.items.length);
  const weights = new Float32Array(history.items.length);
  if (places.length < itemCount) places = new Int32Array(itemCount);
  let end = 0;
  for (let deed = 0; deed < history.items.length; deed++) {
    const item = history.items[deed]!;
    if (item < 0 || item >= itemCount) continue;
    const weight = faded(history.weights[deed]!, history.atMs[deed]!, nowMs, halfLifeDays);
    const place = places[item]! - 1;
    if (place >= 0) {
      weights[place] = Math.max(weights[place]!, weight);
    } else {
      rows[end] = item;
      weights[end++] = weight;
      places[item] = end;
    }
  }
  for (let at = 0; at < end; at++) places[rows[at]!] = 0;
  normalise(weights.subarray(0, end), normPower);
  return { rows: rows.subarray(0, end), weights: weights.subarray(0, end) };
}

/** Where each item lies in the row that is being made, from 1; all 0 between two rows. */
let places = new Int32Array(0);

function normalise(weights: Float32Array, power: number): void {
  if (power === 0) return;
  let squares = 0;
  for (const weight of weights) squares += weight * weight;
  if (squares === 0) return;
  const scale = Math.sqrt(squares) ** -power;
  for (let at = 0; at < weights.length; at++) weights[at]! *= scale;
}
