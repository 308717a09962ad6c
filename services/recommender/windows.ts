import type { Window } from 'relearn';
import type { History } from 'relearn/models';
import { type Dataset, rowsBefore, selectRows } from './dataset.ts';
import { DEEDS_MAX } from './history.ts';

const DAY_MS = 86_400_000;

/** Windows at most this long; a short history is divided into smaller ones. */
const WINDOW_DAYS_MAX = 30;

/** Users asked about in a window; drawn evenly when there are more. */
const USERS_MAX = 3_000;

/** What one user wanted in a window, and what was known of them before it. */
export interface Case {
  /** As a question carries it: the newest deeds. */
  readonly history: History;
  /** Items bought before the window; of all deeds, where nothing is bought. */
  readonly had: ReadonlySet<number>;
  readonly wanted: ReadonlySet<number>;
}

export interface Cases {
  readonly users: readonly Case[];
  /** Whether anybody wants again what they had. */
  readonly hasRepeats: boolean;
  readonly itemCount: number;
  readonly nowMs: number;
}

/**
 * Which windows: the newest ones, so many, each beginning so much of their length after the one before, and the last so much of it before the end, all of it unless
 * said; without times, the fifth of this number, 0 to 4.
 */
export interface WindowPlan {
  readonly count: number;
  readonly step: number;
  readonly last?: number;
  readonly fifth: number;
}

/** Windows in time, oldest first, each to be foretold from everything before it; where no times are known, one: a fifth of each user's items. */
export function windowsOf(data: Dataset, plan: WindowPlan): Window<Dataset, Cases>[] {
  return Number.isNaN(data.atMs[0] ?? Number.NaN) ? [heldOutPairs(data, plan)] : timeWindows(data, plan);
}

function timeWindows(data: Dataset, { count, step, last = 1 }: WindowPlan): Window<Dataset, Cases>[] {
  const [from, newest] = span(data.atMs);
  const to = data.untilMs ?? newest;
  const lengthMs = Math.min(WINDOW_DAYS_MAX * DAY_MS, (to - from) / 6);
  const cuts = Array.from({ length: count }, (_, at) => to - lengthMs * (last + step * (count - 1 - at)));
  return cuts
    .map((cutMs) => {
      const isWanted = (row: number) => {
        const atMs = data.atMs[row]!;
        return atMs >= cutMs && atMs <= cutMs + lengthMs && data.wanted[row] === 1;
      };
      const name = new Date(cutMs).toISOString().slice(0, 10);
      return window(data, { name, nowMs: cutMs, train: rowsBefore(data, cutMs), isWanted });
    })
    .filter(({ train, cases }) => train.items.length > 0 && cases.users.length > 0);
}

/** Every fifth row of each user, by a hash of user and item, so that repeats of an item stay together. */
function heldOutPairs(data: Dataset, { fifth }: WindowPlan): Window<Dataset, Cases> {
  const isHeldOut = (row: number) => spread(data.users[row]! * 31 + data.items[row]! * 17) % 5 === fifth;
  const train = selectRows(data, (row) => !isHeldOut(row));
  const isWanted = (row: number) => isHeldOut(row) && data.wanted[row] === 1;
  return window(data, { name: 'held-out pairs', nowMs: 0, train, isWanted });
}

interface Cut {
  readonly name: string;
  readonly nowMs: number;
  readonly train: Dataset;
  readonly isWanted: (row: number) => boolean;
}

function window(data: Dataset, { name, nowMs, train, isWanted }: Cut): Window<Dataset, Cases> {
  const known = { users: marked(train.users, data.userCount), items: marked(train.items, data.itemCount) };
  const wanted = new Map<number, Set<number>>();
  for (let row = 0; row < data.users.length; row++) {
    const user = data.users[row]!;
    if (!isWanted(row) || !known.users[user] || !known.items[data.items[row]!]) continue;
    wanted.set(user, (wanted.get(user) ?? new Set()).add(data.items[row]!));
  }
  const drawn = [...wanted.keys()].sort((a, b) => spread(a) - spread(b)).slice(0, USERS_MAX);
  const pasts = pastsOf(train);
  const users = drawn.map((user) => ({ ...pasts(user), wanted: wanted.get(user)! }));
  const hasRepeats = users.some((one) => !one.wanted.isDisjointFrom(one.had));
  return { name, train, nowMs, cases: { users, hasRepeats, itemCount: data.itemCount, nowMs } };
}

/** One byte an index: 1 where it occurs. */
function marked(indices: Int32Array, count: number): Uint8Array {
  const marks = new Uint8Array(count);
  for (const index of indices) marks[index] = 1;
  return marks;
}

function pastsOf({ users, items, atMs, weights, wanted }: Dataset): (user: number) => Omit<Case, 'wanted'> {
  const ends = new Map<number, number>();
  for (const [row, user] of users.entries()) ends.set(user, row + 1);
  return (user) => {
    const to = ends.get(user) ?? 0;
    let from = to;
    while (from > 0 && users[from - 1] === user) from--;
    const newest = Math.max(from, to - DEEDS_MAX);
    return {
      history: {
        items: items.subarray(newest, to),
        atMs: atMs.subarray(newest, to),
        weights: weights.subarray(newest, to),
      },
      had: new Set(items.subarray(from, to).filter((_, at) => wanted[from + at] === 1)),
    };
  };
}

function span(values: Float64Array): [number, number] {
  let [from, to] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < from) from = value;
    if (value > to) to = value;
  }
  return [from, to];
}

/** Scatters whole numbers evenly over 32 bits, always the same way. */
export function spread(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x45d9f3b);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x45d9f3b);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
