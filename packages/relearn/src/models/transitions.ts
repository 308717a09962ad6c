import type { SparseRows } from '../kernels/sparse-rows.ts';
import { topK } from '../kernels/top-k.ts';
import { checkRankingData } from './check-ranking-data.ts';
import type { Packed } from './codec.ts';
import type { History, RankingData, RankingModel } from './ranking.ts';
import { type Sessions, sessionsOf } from './sessions.ts';

export interface TransitionsSettings {
  /** Items this many places apart are the farthest that count. */
  readonly stepsMax: number;
  /** What follows counts e^−decay for each further step. */
  readonly stepDecay: number;
  /** What came before counts so much of what follows. */
  readonly backShare: number;
  /** Counts are divided by how often the item was followed at all, to this power: at 1 they are shares. */
  readonly normPower: number;
  /** What an item of the asking session says falls by e^−decay with each later one. */
  readonly queryDecay: number;
  /** The oldest session counts e^−decay of the newest. */
  readonly ageDecay: number;
  /** Followers kept for each item, those that count most. */
  readonly followersMax: number;
}

const defaults: TransitionsSettings = {
  stepsMax: 5,
  stepDecay: 0.5,
  backShare: 0.3,
  normPower: 0.5,
  queryDecay: 1,
  ageDecay: 0,
  followersMax: 200,
};

/**
 * Scores items by how often they followed what the session holds. Source: Ludewig & Jannach 2018 (sequential rules, there 1 / steps). An answer costs the
 * followers of the session's items, a few µs each.
 */
export class Transitions implements RankingModel {
  readonly itemCount: number;
  /** For each item what followed it, what counts most first. */
  readonly followers: SparseRows;
  readonly #queryDecay: number;

  constructor(followers: SparseRows, queryDecay: number) {
    this.itemCount = followers.start.length - 1;
    this.followers = followers;
    this.#queryDecay = queryDecay;
  }

  score({ items }: History, _nowMs: number, scores: Float32Array): void {
    scores.fill(0);
    const known = items.filter((item) => item >= 0 && item < this.itemCount);
    for (let at = known.length - 1, age = 0; at >= 0; at--, age++) {
      const weight = Math.exp(-this.#queryDecay * age);
      if (Math.fround(weight) === 0) return;
      this.addFollowers(known[at]!, weight, scores);
    }
  }

  /** Adds `weight` times what each follower of `item` counts. */
  addFollowers(item: number, weight: number, scores: Float32Array): void {
    const { start, items, weights } = this.followers;
    for (let at = start[item]!; at < start[item + 1]!; at++) scores[items[at]!]! += weight * weights[at]!;
  }

  pack(): Packed {
    const { start, items, weights } = this.followers;
    return { settings: { queryDecay: this.#queryDecay }, columns: { start, items, weights } };
  }

  static unpack({ settings, columns }: Packed): Transitions {
    const followers = {
      start: columns.start as Int32Array,
      items: columns.items as Int32Array,
      weights: columns.weights as Float32Array,
    };
    return new Transitions(followers, settings.queryDecay as number);
  }
}

/** Users of `data` are the sessions, the newest last. O(deeds · stepsMax) time and bytes. */
export function trainTransitions(data: RankingData, settings: Partial<TransitionsSettings>): Transitions {
  checkRankingData(data);
  const all = { ...defaults, ...settings };
  return new Transitions(followersOf(sessionsOf(data), data.itemCount, all), all.queryDecay);
}

function followersOf(sessions: Sessions, itemCount: number, settings: TransitionsSettings): SparseRows {
  const places = placesOf(sessions, itemCount);
  const start = new Int32Array(itemCount + 1);
  const rows: { items: Int32Array; weights: Float32Array }[] = [];
  const counts = new Float32Array(itemCount);
  for (let item = 0; item < itemCount; item++) {
    const touched = countFollowers(item, sessions, places, settings, counts);
    const row = strongest(touched, counts, settings);
    rows.push(row);
    start[item + 1] = start[item]! + row.items.length;
    for (const follower of touched) counts[follower] = 0;
  }
  const items = new Int32Array(start[itemCount]!);
  const weights = new Float32Array(start[itemCount]!);
  for (const [item, row] of rows.entries()) {
    items.set(row.items, start[item]!);
    weights.set(row.weights, start[item]!);
  }
  return { start, items, weights };
}

/** Adds to `counts` what stands around each place of `item`; returns the items counted, each once. */
function countFollowers(
  item: number,
  { start, items }: Sessions,
  places: Places,
  { stepsMax, stepDecay, backShare, ageDecay }: TransitionsSettings,
  counts: Float32Array,
): Int32Array {
  const touched: number[] = [];
  const add = (other: number, weight: number) => {
    if (weight === 0) return;
    if (counts[other] === 0) touched.push(other);
    counts[other]! += weight;
  };
  const sessionCount = start.length - 1;
  for (let of = places.start[item]!; of < places.start[item + 1]!; of++) {
    const [session, place] = [places.sessions[of]!, places.places[of]!];
    const weight = Math.exp((-ageDecay * (sessionCount - 1 - session)) / sessionCount);
    const last = Math.min(start[session + 1]! - 1, place + stepsMax);
    for (let at = place + 1; at <= last; at++) add(items[at]!, weight * Math.exp(-stepDecay * (at - place - 1)));
    const first = Math.max(start[session]!, place - stepsMax);
    for (let at = place - 1; at >= first; at--)
      add(items[at]!, weight * backShare * Math.exp(-stepDecay * (place - at - 1)));
  }
  return Int32Array.from(touched);
}

function strongest(
  touched: Int32Array,
  counts: Float32Array,
  { followersMax, normPower }: TransitionsSettings,
): { items: Int32Array; weights: Float32Array } {
  const own = Float32Array.from(touched, (follower) => counts[follower]!);
  const scale = own.reduce((sum, count) => sum + count, 0) ** -normPower;
  const best = topK(own, followersMax);
  return { items: best.map((at) => touched[at]!), weights: Float32Array.from(best, (at) => own[at]! * scale) };
}

/** Where each item stands: session, and place among all sessions' items. */
interface Places {
  /** Shape (itemCount + 1). */
  readonly start: Int32Array;
  readonly sessions: Int32Array;
  readonly places: Int32Array;
}

function placesOf(all: Sessions, itemCount: number): Places {
  const start = new Int32Array(itemCount + 1);
  for (const item of all.items) start[item + 1]!++;
  for (let item = 0; item < itemCount; item++) start[item + 1]! += start[item]!;
  const free = start.slice(0, itemCount);
  const sessions = new Int32Array(all.items.length);
  const places = new Int32Array(all.items.length);
  for (let session = 0; session < all.start.length - 1; session++) {
    for (let place = all.start[session]!; place < all.start[session + 1]!; place++) {
      const to = free[all.items[place]!]!++;
      sessions[to] = session;
      places[to] = place;
    }
  }
  return { start, sessions, places };
}
