import type { Model } from 'relearn';
import {
  type History,
  type ItemKnn,
  maximalMarginalRelevance,
  type OwnFrequency,
  type Popularity,
  placed,
  type RankingModel,
  topK,
} from 'relearn/models';
import { type Features, maySee, type Ranked } from './features.ts';
import { newestTime } from './newest-time.ts';

/** A model that can say which of some items speaks most for another; −1 where none does. */
interface Speaking {
  speaker(items: Int32Array, other: number): number;
}

/** What a version is made of: a model for *for you*, and those of the other questions. All score the same items. */
export interface RankerParts {
  /** Number of each item in the interaction log, ascending. */
  readonly itemIds: Int32Array;
  readonly forYou: RankingModel & Partial<Speaking>;
  readonly popularity: Popularity;
  readonly own: OwnFrequency;
  readonly neighbours: ItemKnn;
}

type Basis = Ranked['basis'][number];

/** Items, beside twice those asked for, among which unlike ones are looked for. */
const DIVERSE_MIN = 100;

/** Deeds that may speak for an item: the newest. */
const SPEAKERS_MAX = 50;

const noHistory: History = { items: new Int32Array(0), atMs: new Float64Array(0), weights: new Float32Array(0) };

/** Answers every surface's question by scoring all items and keeping the best that may be seen. */
export class Ranker implements Model<Features, Ranked> {
  readonly parts: RankerParts;
  readonly #denseOf: Int32Array;
  readonly #scores: Float32Array;
  #known = new Int32Array(0);
  readonly #barred = new WeakMap<Uint8Array, Int32Array>();

  constructor(parts: RankerParts) {
    this.parts = parts;
    this.#denseOf = new Int32Array((parts.itemIds.at(-1) ?? -1) + 1).fill(-1);
    for (const [dense, id] of parts.itemIds.entries()) this.#denseOf[id] = dense;
    this.#scores = new Float32Array(parts.itemIds.length);
  }

  predict(features: Features): Ranked {
    const history = this.#historyOf(features);
    const { model, basis } = this.#modelFor(features, history);
    model.score(history, newestTime(history.atMs, features.nowMs), this.#scores);
    this.#hide(features, basis);
    const best = this.#best(features);
    const fresh = freshOf(features, best);
    return this.#ranked(shownOf(features, best, fresh), { fresh: new Set(fresh), basis, history });
  }

  /** Scores by *for you* alone, everything allowed; for evaluation. */
  score(history: History, nowMs: number, scores: Float32Array): void {
    const model = history.items.length === 0 ? this.parts.popularity : this.parts.forYou;
    model.score(history, newestTime(history.atMs, nowMs), scores);
  }

  /** Items by score, those most unlike one another first where it is asked for: k of them, or all that have a score where a cap will choose. */
  #best({ k, diversity = 0, cap }: Features): Int32Array {
    const { itemIds, neighbours } = this.parts;
    const best = topK(this.#scores, cap ? this.#scores.length : k);
    if (diversity === 0) return best.map((dense) => itemIds[dense]!);
    const pool = topK(this.#scores, DIVERSE_MIN + 2 * k);
    const diverse = maximalMarginalRelevance(
      { items: pool, scores: Float32Array.from(pool, (dense) => this.#scores[dense]!) },
      {
        k: cap ? pool.length : k,
        diversity,
        similarity: (one, other) => Math.max(neighbours.similarity(one, other), neighbours.similarity(other, one)),
      },
    );
    const rest = cap ? best.subarray(pool.length) : [];
    return Int32Array.from([...diverse, ...rest], (dense) => itemIds[dense]!);
  }

  #ranked(items: Int32Array, { fresh, basis, history }: Grounds): Ranked {
    const ranked = { items: [], scores: [], because: [], basis: [] } as {
      [part in keyof Ranked]: Ranked[part][number][];
    };
    const newest = history.items.subarray(-SPEAKERS_MAX);
    for (const item of items) {
      const isFresh = fresh.has(item);
      const dense = this.#denseOf[item]!;
      ranked.items.push(item);
      ranked.scores.push(isFresh ? 0 : this.#scores[dense]!);
      ranked.because.push(!isFresh && basis === 'history' ? this.#speaker(dense, newest) : -1);
      ranked.basis.push(isFresh ? 'content' : basis);
    }
    return ranked as Ranked;
  }

  #modelFor({ surface }: Features, { items }: History): { model: RankingModel; basis: Basis } {
    const { forYou, popularity, own, neighbours } = this.parts;
    if (surface === 'buy-again') return { model: own, basis: 'own' };
    if (surface === 'popular' || (surface === 'for-you' && items.length === 0))
      return { model: popularity, basis: 'popular' };
    if (surface === 'for-you') return { model: forYou, basis: forYou === popularity ? 'popular' : 'history' };
    return { model: neighbours, basis: 'history' };
  }

  /** The history by the model's numbers, −1 for what it does not know; empty where it knows nothing of it. Stands until the next is asked for. */
  #historyOf({ items, atMs, weights }: Features): History {
    if (this.#known.length < items.length) this.#known = new Int32Array(2 * items.length);
    const known = this.#known.subarray(0, items.length);
    let count = 0;
    for (let at = 0; at < items.length; at++) {
      known[at] = this.#denseOf[items[at]!] ?? -1;
      if (known[at]! >= 0) count++;
    }
    if (count === 0) return noHistory;
    return {
      items: known,
      atMs: atMs instanceof Float64Array ? atMs : Float64Array.from(atMs),
      weights: weights instanceof Float32Array ? weights : Float32Array.from(weights),
    };
  }

  /** Takes out what may not be seen; and for *similar*, *goes with* and *buy again*, what nothing speaks for. */
  #hide({ allowed, exclude, surface, items }: Features, basis: Basis): void {
    const scores = this.#scores;
    if (allowed) for (const dense of this.#barredBy(allowed)) scores[dense] = -Infinity;
    for (let at = 0; at < exclude.length; at++) {
      const dense = this.#denseOf[exclude[at]!] ?? -1;
      if (dense >= 0) scores[dense] = -Infinity;
    }
    if (surface === 'buy-again') this.#keepOnly(new Set(Array.from(items, (item) => this.#denseOf[item] ?? -1)));
    else if (basis === 'history' && surface !== 'for-you') {
      for (let dense = 0; dense < scores.length; dense++) if (scores[dense]! <= 0) scores[dense] = -Infinity;
    }
  }

  /** Items that a mask does not let pass; masks come again and again. */
  #barredBy(allowed: Uint8Array): Int32Array {
    let barred = this.#barred.get(allowed);
    if (barred === undefined) {
      const { itemIds } = this.parts;
      barred = Int32Array.from(itemIds.keys()).filter((dense) => allowed[itemIds[dense]!] !== 1);
      this.#barred.set(allowed, barred);
    }
    return barred;
  }

  #keepOnly(kept: ReadonlySet<number>): void {
    for (let dense = 0; dense < this.#scores.length; dense++) if (!kept.has(dense)) this.#scores[dense] = -Infinity;
  }

  /** Number of the deed's item that says most for an item; −1 where none says anything. */
  #speaker(dense: number, deeds: Int32Array): number {
    const { forYou, neighbours, itemIds } = this.parts;
    const speaker = forYou.speaker ? forYou.speaker(deeds, dense) : neighbours.speaker(deeds, dense);
    return speaker < 0 ? -1 : itemIds[speaker]!;
  }
}

/** What a list is made from, beside its items. */
interface Grounds {
  /** Items that are there by content alone. */
  readonly fresh: ReadonlySet<number>;
  readonly basis: Basis;
  readonly history: History;
}

/** Candidates that the model does not put forward, and that may be seen. */
function freshOf(features: Features, best: Int32Array): readonly number[] {
  if (features.candidates.length === 0) return [];
  const ranked = new Set(best);
  const seen = maySee(features);
  return features.candidates.filter((item) => !ranked.has(item) && seen(item));
}

/** Candidates take the places that are left, and newcomers the last ones in any case. */
function shownOf({ k, newcomers, cap }: Features, best: Int32Array, fresh: readonly number[]): Int32Array {
  if (fresh.length === 0 && !cap) return best;
  const sure = fresh.slice(0, Math.min(newcomers, k));
  const from = Math.min(best.length, k - sure.length);
  const pins = sure.map((item, at) => ({ item, place: from + at }));
  return placed([...best, ...fresh], { k, pins, ...(cap && { cap }) });
}
