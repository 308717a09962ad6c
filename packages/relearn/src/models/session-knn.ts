import { topK } from '../kernels/top-k.ts';
import { checkRankingData } from './check-ranking-data.ts';
import type { Packed } from './codec.ts';
import type { History, RankingData, RankingModel } from './ranking.ts';
import { eachFromNewest, type Sessions, sessionHolders, sessionsOf } from './sessions.ts';

export interface SessionKnnSettings {
  /** Nearest sessions that speak. */
  readonly neighbourCount: number;
  /** Newest sessions of an item that are looked at. */
  readonly sessionsPerItem: number;
  /** What an item of the asking session weighs falls by e^−decay with each later one. */
  readonly queryDecay: number;
  /** What an item of a near session weighs falls by e^−decay with each place behind the one that matched. */
  readonly afterDecay: number;
  /** The same for places before it. */
  readonly beforeDecay: number;
  /** Rare items say more: what an asking item weighs is multiplied by log(1 + sessions / its own)^power. */
  readonly rarityPower: number;
  /** Nearness is divided by the near session's length to this power. */
  readonly lengthPower: number;
  /** Nearness is raised to this power: above 1 the nearest speak louder. */
  readonly nearnessPower: number;
  /** The oldest session weighs e^−decay of the newest. */
  readonly ageDecay: number;
  /** What the items of the asking session itself are multiplied with: 1 treats them as any other. */
  readonly ownBoost: number;
}

const defaults: SessionKnnSettings = {
  neighbourCount: 500,
  sessionsPerItem: 2_000,
  queryDecay: 0.5,
  afterDecay: 0.2,
  beforeDecay: 0.4,
  rarityPower: 1,
  lengthPower: 0.25,
  nearnessPower: 1,
  ageDecay: 0,
  ownBoost: 1,
};

/**
 * Scores items by the sessions most like the one that asks: items near the place where they match count most. Source: Ludewig & Jannach 2018 (V-SKNN), with
 * decay around the match after Garg et al. 2019 (STAN). An answer costs the sessions that share an item, at most `sessionsPerItem` for each item that asks:
 * below 1 ms for short sessions.
 */
export class SessionKnn implements RankingModel {
  readonly itemCount: number;
  readonly #sessions: Sessions;
  readonly #occurrences: Occurrences;
  readonly #settings: SessionKnnSettings;
  readonly #rarity: Float64Array;
  readonly #sessionWeights: Float64Array;
  readonly #afterWeights: Float64Array;
  readonly #beforeWeights: Float64Array;
  /** Of each session how near it is, all 0 between two answers; and the place in it of the newest item that it shares. */
  readonly #nearness: Float32Array;
  readonly #matches: Int32Array;
  /** Sessions that share an item, and how near they are. */
  readonly #touched: Int32Array;
  readonly #touchedNearness: Float32Array;

  constructor(itemCount: number, sessions: Sessions, settings: SessionKnnSettings) {
    const sessionCount = sessions.start.length - 1;
    this.itemCount = itemCount;
    this.#sessions = sessions;
    this.#settings = settings;
    this.#occurrences = occurrencesOf(sessions, itemCount, settings.sessionsPerItem);
    this.#rarity = Float64Array.from(
      sessionHolders(sessions, itemCount),
      (holders) => Math.log1p(sessionCount / Math.max(1, holders)) ** settings.rarityPower,
    );
    this.#sessionWeights = sessionWeights(sessions, settings);
    const longest = sessions.start.reduce((most, end, at) => Math.max(most, end - (sessions.start[at - 1] ?? 0)), 0);
    this.#afterWeights = fading(longest, settings.afterDecay);
    this.#beforeWeights = fading(longest, settings.beforeDecay);
    this.#nearness = new Float32Array(sessionCount);
    this.#matches = new Int32Array(sessionCount);
    this.#touched = new Int32Array(sessionCount);
    this.#touchedNearness = new Float32Array(sessionCount);
  }

  score({ items }: History, _nowMs: number, scores: Float32Array): void {
    const known = items.filter((item) => item >= 0 && item < this.itemCount);
    const touchedCount = this.#findNear(known);
    scores.fill(0);
    for (const at of this.#nearest(touchedCount)) {
      this.#addSession(this.#touched[at]!, this.#touchedNearness[at]!, scores);
    }
    const { ownBoost } = this.#settings;
    if (ownBoost !== 1) for (const item of new Set(known)) scores[item]! *= ownBoost;
  }

  /** Sums up how near each session is, from the newest item to the oldest. Returns how many share any. */
  #findNear(items: Int32Array): number {
    const { start, sessions, places } = this.#occurrences;
    const seen = new Set<number>();
    let touchedCount = 0;
    for (let at = items.length - 1, age = 0; at >= 0; at--, age++) {
      const item = items[at]!;
      const weight = Math.exp(-this.#settings.queryDecay * age) * this.#rarity[item]!;
      if (seen.has(item) || Math.fround(weight) === 0) continue;
      seen.add(item);
      for (let occurrence = start[item]!; occurrence < start[item + 1]!; occurrence++) {
        const session = sessions[occurrence]!;
        if (this.#nearness[session] === 0) {
          this.#touched[touchedCount++] = session;
          this.#matches[session] = places[occurrence]!;
        }
        this.#nearness[session]! += weight;
      }
    }
    return touchedCount;
  }

  /** Which of the touched sessions are nearest; nearness is left clear for the next answer. */
  #nearest(touchedCount: number): Int32Array {
    const { neighbourCount, nearnessPower } = this.#settings;
    for (let at = 0; at < touchedCount; at++) {
      const session = this.#touched[at]!;
      const nearness = this.#nearness[session]!;
      this.#touchedNearness[at] =
        this.#sessionWeights[session]! * (nearnessPower === 1 ? nearness : nearness ** nearnessPower);
      this.#nearness[session] = 0;
    }
    return topK(this.#touchedNearness.subarray(0, touchedCount), neighbourCount);
  }

  #addSession(session: number, nearness: number, scores: Float32Array): void {
    const { start, items } = this.#sessions;
    const match = start[session]! + this.#matches[session]!;
    const end = start[session + 1]!;
    for (let at = start[session]!; at < match; at++) scores[items[at]!]! += nearness * this.#beforeWeights[match - at]!;
    for (let at = match; at < end; at++) scores[items[at]!]! += nearness * this.#afterWeights[at - match]!;
  }

  pack(): Packed {
    const { start, items } = this.#sessions;
    return { settings: { itemCount: this.itemCount, ...this.#settings }, columns: { start, items } };
  }

  static unpack({ settings, columns }: Packed): SessionKnn {
    const { itemCount, ...own } = settings as unknown as SessionKnnSettings & { itemCount: number };
    return new SessionKnn(itemCount, { start: columns.start as Int32Array, items: columns.items as Int32Array }, own);
  }
}

/** Users of `data` are the sessions, the newest last. O(deeds). */
export function trainSessionKnn(data: RankingData, settings: Partial<SessionKnnSettings>): SessionKnn {
  checkRankingData(data);
  return new SessionKnn(data.itemCount, sessionsOf(data), { ...defaults, ...settings });
}

/** For each item the newest sessions that hold it, newest first, and where in them it stands last. */
interface Occurrences {
  /** Shape (itemCount + 1). */
  readonly start: Int32Array;
  readonly sessions: Int32Array;
  readonly places: Int32Array;
}

function occurrencesOf(all: Sessions, itemCount: number, perItemMax: number): Occurrences {
  const start = new Int32Array(itemCount + 1);
  for (const [item, holders] of sessionHolders(all, itemCount).entries()) {
    start[item + 1] = start[item]! + Math.min(holders, perItemMax);
  }
  const free = start.slice(0, itemCount);
  const sessions = new Int32Array(start[itemCount]!);
  const places = new Int32Array(start[itemCount]!);
  eachFromNewest(all, itemCount, (item, session, place) => {
    if (free[item] === start[item + 1]) return;
    sessions[free[item]!] = session;
    places[free[item]!++] = place;
  });
  return { start, sessions, places };
}

function sessionWeights({ start }: Sessions, { ageDecay, lengthPower }: SessionKnnSettings): Float64Array {
  const sessionCount = start.length - 1;
  return Float64Array.from({ length: sessionCount }, (_, session) => {
    const length = Math.max(1, start[session + 1]! - start[session]!);
    return Math.exp((-ageDecay * (sessionCount - 1 - session)) / sessionCount) / length ** lengthPower;
  });
}

/** e^−decay·distance for each distance up to the longest. */
function fading(longest: number, decay: number): Float64Array {
  return Float64Array.from({ length: longest + 1 }, (_, distance) => Math.exp(-decay * distance));
}
