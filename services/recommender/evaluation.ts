import type { Evaluation, Window } from 'relearn';
import { type History, type RankingScore, rankingScore, topK } from 'relearn/models';
import { type Dataset, selectRows } from './dataset.ts';
import { DEEDS_MAX } from './history.ts';
import type { Ranker } from './ranker.ts';

const DAY_MS = 86_400_000;
const K = 20;

/** Windows at most this long; a short history is divided into smaller ones. */
const WINDOW_DAYS_MAX = 30;

/** Users scored in a window; drawn evenly when there are more. */
const USERS_MAX = 3_000;

/** Interactions without which nothing can be compared. */
const INTERACTIONS_MIN = 50;

/** What one user wanted in a window, and what was known of them before it. */
interface Case {
  /** As a question carries it: the newest deeds. */
  readonly history: History;
  /** Items bought before the window; of all deeds, where nothing is bought. */
  readonly had: ReadonlySet<number>;
  readonly wanted: ReadonlySet<number>;
}

interface Cases {
  readonly users: readonly Case[];
  /** Whether anybody wants again what they had. */
  readonly hasRepeats: boolean;
  readonly itemCount: number;
  readonly nowMs: number;
}

/**
 * Two windows in time, each foretold from everything before it; where no times are known, a fifth of each user's items. Full ranking over all items.
 * `…-new` counts items new to the user, with those had before left out of the list; `…-all` counts every item, where anybody comes back to one; what has
 * no suffix is the mean of the two, or the one that a user has. Users and items without anything before the cut are left out: no trial can tell them apart.
 */
export const evaluation: Evaluation<Dataset, Ranker, Cases> = {
  primary: 'ndcg@20',
  windows(data) {
    if (data.items.length < INTERACTIONS_MIN) return [];
    return Number.isNaN(data.atMs[0]) ? [heldOutPairs(data)] : timeWindows(data);
  },
  thinned: (window, share) => ({
    ...window,
    train: selectRows(window.train, (row) => spread(window.train.users[row]!) < share * 2 ** 32),
    cases: { ...window.cases, users: window.cases.users.slice(0, Math.ceil(share * window.cases.users.length)) },
  }),
  score: scoreCases,
};

function timeWindows(data: Dataset): Window<Dataset, Cases>[] {
  const [from, to] = span(data.atMs);
  const lengthMs = Math.min(WINDOW_DAYS_MAX * DAY_MS, (to - from) / 6);
  const cuts = [to - 2 * lengthMs, to - lengthMs];
  return cuts
    .map((cutMs) => {
      const isTrain = (row: number) => data.atMs[row]! < cutMs;
      const isWanted = (row: number) => !isTrain(row) && data.atMs[row]! <= cutMs + lengthMs && data.wanted[row] === 1;
      return window(data, { name: new Date(cutMs).toISOString().slice(0, 10), nowMs: cutMs, isTrain, isWanted });
    })
    .filter(({ train, cases }) => train.items.length > 0 && cases.users.length > 0);
}

/** Every fifth row of each user, by a hash of user and item, so that repeats of an item stay together. */
function heldOutPairs(data: Dataset): Window<Dataset, Cases> {
  const isHeldOut = (row: number) => spread(data.users[row]! * 31 + data.items[row]! * 17) % 5 === 0;
  const isTrain = (row: number) => !isHeldOut(row);
  const isWanted = (row: number) => isHeldOut(row) && data.wanted[row] === 1;
  return window(data, { name: 'held-out pairs', nowMs: 0, isTrain, isWanted });
}

interface Cut {
  readonly name: string;
  readonly nowMs: number;
  readonly isTrain: (row: number) => boolean;
  readonly isWanted: (row: number) => boolean;
}

function window(data: Dataset, { name, nowMs, isTrain, isWanted }: Cut): Window<Dataset, Cases> {
  const train = selectRows(data, isTrain);
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

function scoreCases(ranker: Ranker, { users, hasRepeats, itemCount, nowMs }: Cases): Record<string, Float64Array> {
  const columns = new Map<string, number[]>();
  const add = (metric: string, value: number) => {
    const column = columns.get(metric);
    if (column) column.push(value);
    else columns.set(metric, [value]);
  };
  const scores = new Float32Array(itemCount);
  for (const one of users) {
    ranker.score(one.history, nowMs, scores);
    const all = hasRepeats ? scoreAll(scores, one) : undefined;
    const fresh = scoreNew(scores, one);
    const asked = [all, fresh].filter((score) => score !== undefined);
    for (const metric of ['ndcg', 'recall'] as const) {
      add(`${metric}@${K}`, asked.reduce((sum, score) => sum + score[metric], 0) / asked.length);
      if (all) add(`${metric}@${K}-all`, all[metric]);
      if (fresh) add(`${metric}@${K}-new`, fresh[metric]);
    }
  }
  return Object.fromEntries(Array.from(columns, ([metric, values]) => [metric, Float64Array.from(values)]));
}

function scoreAll(scores: Float32Array, { wanted }: Case): RankingScore {
  return rankingScore(topK(scores, K), wanted, K);
}

/** Without what the user had, whose scores are taken out; undefined where nothing new was wanted. */
function scoreNew(scores: Float32Array, { had, wanted }: Case): RankingScore | undefined {
  const unknown = wanted.difference(had);
  if (unknown.size === 0) return undefined;
  for (const item of had) scores[item] = Number.NEGATIVE_INFINITY;
  return rankingScore(topK(scores, K), unknown, K);
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
function spread(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x45d9f3b);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x45d9f3b);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
