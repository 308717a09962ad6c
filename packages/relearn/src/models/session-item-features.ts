import type { CandidateFeatures, RankingQuestion } from './candidate-features.ts';
import type { RankingData } from './ranking.ts';
import { type Sessions, sessionsOf } from './sessions.ts';

/** The newest sessions, so many of all, whose items are thought of as wanted lately. */
const LATELY = 0.05;
const NEWEST = 0.01;
/** Counts that every item is taken to have beside its own. */
const PRIOR = 2;

const ofItem = ['taken', 'taken lately', 'taken newest', 'trend', 'last seen', 'first seen', 'taken again', 'ends'];
const ofSession = ['items', 'distinct', 'repeats', 'last taken', 'own count', 'own place', 'first seen apart'];

/**
 * What all sessions say of a candidate: how often it was taken, of late too, when it was first and last seen as a share of all sessions, how often it is taken twice in
 * a row and ends a session; what the asking session is like; and where the candidate stood in it, in steps from its end.
 */
export class SessionItemFeatures implements CandidateFeatures {
  readonly names = [...ofItem, ...ofSession];
  /** f32 row-major, shape (itemCount, ofItem.length). */
  readonly #items: Float32Array;

  constructor(items: Float32Array) {
    this.#items = items;
  }

  write(
    { history }: RankingQuestion,
    candidates: Int32Array,
    rows: Float32Array,
    stride: number,
    column: number,
  ): void {
    const itemCount = this.#items.length / ofItem.length;
    const known = history.items.filter((item) => item >= 0 && item < itemCount);
    const distinct = new Set(known).size;
    const last = known.at(-1);
    for (let at = 0; at < candidates.length; at++) {
      const item = candidates[at]!;
      let to = at * stride + column;
      for (let feature = 0; feature < ofItem.length; feature++) rows[to++] = this.#of(item, feature);
      rows[to++] = known.length;
      rows[to++] = distinct;
      rows[to++] = known.length - distinct;
      rows[to++] = last === undefined ? 0 : this.#of(last, TAKEN);
      rows[to++] = known.reduce((count, own) => count + (own === item ? 1 : 0), 0);
      const place = known.lastIndexOf(item);
      rows[to++] = place < 0 ? Number.NaN : known.length - 1 - place;
      rows[to] = last === undefined ? Number.NaN : Math.abs(this.#of(item, FIRST_SEEN) - this.#of(last, FIRST_SEEN));
    }
  }

  #of(item: number, feature: number): number {
    return this.#items[item * ofItem.length + feature]!;
  }
}

const TAKEN = ofItem.indexOf('taken');
const FIRST_SEEN = ofItem.indexOf('first seen');

/** Users of `data` are the sessions, the newest last. O(deeds). */
export function trainSessionItemFeatures(data: RankingData): SessionItemFeatures {
  const sessions = sessionsOf(data);
  const counts = countsOf(sessions, data.itemCount);
  const items = new Float32Array(data.itemCount * ofItem.length);
  for (let item = 0; item < data.itemCount; item++) {
    const { taken, lately, newest, firstSeen, lastSeen, again, ends } = counts;
    const prior = taken[item]! + PRIOR;
    const row = [
      taken[item]!,
      lately[item]!,
      newest[item]!,
      (lately[item]! / LATELY + PRIOR) / prior,
      lastSeen[item]!,
      firstSeen[item]!,
      again[item]! / prior,
      ends[item]! / prior,
    ];
    items.set(row, item * ofItem.length);
  }
  return new SessionItemFeatures(items);
}

function countsOf({ start, items }: Sessions, itemCount: number) {
  const sessionCount = start.length - 1;
  const [taken, lately, newest, again, ends] = Array.from({ length: 5 }, () => new Float32Array(itemCount)) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const [firstSeen, lastSeen] = [0, 1].map(() => new Float32Array(itemCount).fill(Number.NaN)) as [
    Float32Array,
    Float32Array,
  ];
  for (let session = 0; session < sessionCount; session++) {
    const age = (session + 1) / sessionCount;
    for (let at = start[session]!; at < start[session + 1]!; at++) {
      const item = items[at]!;
      taken[item]!++;
      if (age > 1 - LATELY) lately[item]!++;
      if (age > 1 - NEWEST) newest[item]!++;
      if (Number.isNaN(firstSeen[item]!)) firstSeen[item] = age;
      lastSeen[item] = age;
      if (at > start[session]! && items[at - 1] === item) again[item]!++;
      if (at === start[session + 1]! - 1) ends[item]!++;
    }
  }
  return { taken, lately, newest, again, ends, firstSeen, lastSeen };
}
