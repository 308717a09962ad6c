import type { Model } from 'relearn';
import {
  type History,
  type ItemKnn,
  type OwnFrequency,
  type Popularity,
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
    const best = topK(this.#scores, features.k);
    return this.#withCandidates(features, this.#ranked(best, basis, history));
  }

  /** Scores by *for you* alone, everything allowed; for evaluation. */
  score(history: History, nowMs: number, scores: Float32Array): void {
    const model = history.items.length === 0 ? this.parts.popularity : this.parts.forYou;
    model.score(history, newestTime(history.atMs, nowMs), scores);
  }

  #ranked(best: Int32Array, basis: Basis, history: History): Ranked {
    const ranked = { items: [], scores: [], because: [], basis: [] } as {
      [part in keyof Ranked]: Ranked[part][number][];
    };
    const newest = history.items.subarray(-SPEAKERS_MAX);
    for (const dense of best) {
      ranked.items.push(this.parts.itemIds[dense]!);
      ranked.scores.push(this.#scores[dense]!);
      ranked.because.push(basis === 'history' ? this.#speaker(dense, newest) : -1);
      ranked.basis.push(basis);
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

  /** Candidates take the places that are left, and newcomers the last ones in any case. */
  #withCandidates(features: Features, ranked: Ranked): Ranked {
    const { candidates, newcomers, k } = features;
    if (candidates.length === 0) return ranked;
    const shown = new Set(ranked.items);
    const seen = maySee(features);
    const fresh = candidates.filter((item) => !shown.has(item) && seen(item));
    const keep = Math.min(ranked.items.length, k - Math.min(newcomers, fresh.length));
    const added = fresh.slice(0, k - keep);
    return {
      items: [...ranked.items.slice(0, keep), ...added],
      scores: [...ranked.scores.slice(0, keep), ...added.map(() => 0)],
      because: [...ranked.because.slice(0, keep), ...added.map(() => -1)],
      basis: [...ranked.basis.slice(0, keep), ...added.map(() => 'content' as const)],
    };
  }
}
