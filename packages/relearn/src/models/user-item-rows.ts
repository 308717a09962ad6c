import type { SparseRows } from '../kernels/sparse-rows.ts';
import type { History, RankingData } from './ranking.ts';

export const DAY_MS = 86_400_000;

export interface RowSettings {
  /** A deed's weight halves in so many days; it does not fade when left out, nor where no times are known. */
  readonly halfLifeDays?: number;
  /** Rows are divided by their length to this power, 0 to 1: 0 leaves heavy users heavy. */
  readonly normPower?: number;
}

/** Users by items; each item once a user, at the weight of what says most. */
export type UserItemRows = SparseRows;

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
  const { users, atMs, userCount } = data;
  const start = new Int32Array(userCount + 1);
  const items = new Int32Array(users.length);
  const weights = new Float32Array(users.length);
  const place = new Int32Array(data.itemCount).fill(-1);
  let end = 0;
  for (let user = 0, deed = 0; user < userCount; user++) {
    const begin = end;
    for (; deed < users.length && users[deed] === user; deed++) {
      const item = data.items[deed]!;
      if (item < 0) continue;
      const weight = faded(data.weights[deed]!, atMs[deed]!, nowMs, halfLifeDays);
      const known = place[item]!;
      if (known < begin) {
        place[item] = end;
        items[end] = item;
        weights[end++] = weight;
      } else if (weight > weights[known]!) weights[known] = weight;
    }
    if (normPower !== 0) normalise(weights.subarray(begin, end), normPower);
    start[user + 1] = end;
  }
  return end === items.length
    ? { start, items, weights }
    : { start, items: items.slice(0, end), weights: weights.slice(0, end) };
}

/** One user's row: items, each once, and what they weigh. Both of one length. */
export interface ItemRow {
  readonly rows: Int32Array;
  readonly weights: Float32Array;
}

export interface HistoryRowContext {
  readonly nowMs: number;
  readonly itemCount: number;
  /** What the row calls each item, where it does not go by the history's numbers; −1 leaves an item out. */
  readonly places?: Int32Array;
}

/**
 * A history as such a row: the same fading and length as in training. Items that are not 0 to itemCount − 1, or have no place, are left out.
 * O(deeds). The row stands until the next is made: one comes with every answer, and memory of its own would cost more than to fill it.
 */
export function historyRow(
  history: History,
  { halfLifeDays, normPower = 0 }: RowSettings,
  { nowMs, itemCount, places }: HistoryRowContext,
): ItemRow {
  const { rows, weights, ends } = roomFor(history.items.length, itemCount);
  let end = 0;
  for (let deed = 0; deed < history.items.length; deed++) {
    const item = history.items[deed]!;
    const row = places ? (places[item] ?? -1) : item;
    if (row < 0 || row >= itemCount) continue;
    const weight = faded(history.weights[deed]!, history.atMs[deed]!, nowMs, halfLifeDays);
    const known = ends[row]! - 1;
    if (known >= 0) {
      weights[known] = Math.max(weights[known]!, weight);
    } else {
      rows[end] = row;
      weights[end++] = weight;
      ends[row] = end;
    }
  }
  for (let at = 0; at < end; at++) ends[rows[at]!] = 0;
  const row = { rows: rows.subarray(0, end), weights: weights.subarray(0, end) };
  normalise(row.weights, normPower);
  return row;
}

/** Memory of this thread in which a row is made. `ends` has where each item lies in it, from 1; all 0 between two rows. */
let room = { rows: new Int32Array(0), weights: new Float32Array(0), ends: new Int32Array(0) };

function roomFor(deedCount: number, itemCount: number): typeof room {
  if (room.rows.length < deedCount || room.ends.length < itemCount) {
    const length = Math.max(room.rows.length, 2 * deedCount);
    const ends = new Int32Array(Math.max(room.ends.length, itemCount));
    room = { rows: new Int32Array(length), weights: new Float32Array(length), ends };
  }
  return room;
}

/** Divides a row by its length to a power; one of length 0 stays. */
export function normalise(weights: Float32Array, power: number): void {
  if (power === 0) return;
  let squares = 0;
  for (const weight of weights) squares += weight * weight;
  if (squares === 0) return;
  const scale = Math.sqrt(squares) ** -power;
  for (let at = 0; at < weights.length; at++) weights[at]! *= scale;
}
