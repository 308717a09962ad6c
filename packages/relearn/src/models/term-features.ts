import type { CandidateFeatures, RankingQuestion } from './candidate-features.ts';
import type { Packed } from './codec.ts';
import { contentTerms } from './content.ts';
import type { ItemContent, TermSettings } from './content-terms.ts';
import type { History, RankingData } from './ranking.ts';
import { DAY_MS, faded } from './user-item-rows.ts';
import { visitStarts } from './visits.ts';

/** A term's trend is its share of what was taken lately over its share of what was taken in the days before. */
const [RECENT_DAYS, BEFORE_DAYS] = [14, 76];

/** Deeds that every term is taken to have beside its own, a day: keeps the trend of rare terms near 1. */
const PRIOR_A_DAY = 1 / 3;

/** What was taken long ago says little of what is looked for now. */
const LATELY_HALF_LIFE_DAYS = 60;

const ofItem = ['term trend', 'most term trend'];
const ofBoth = ['terms of own', 'terms of own lately', 'terms of last visit'];

interface Columns {
  /** Where each item's terms begin in `terms`, shape (itemCount + 1). */
  readonly start: Int32Array;
  /** Dense indices. */
  readonly terms: Int32Array;
  /** How much a term tells: ln of all deeds over those with an item that has it; f32, by term. */
  readonly rarity: Float32Array;
  /** As `ofItem` has them, natural logarithms; f32 row-major, shape (itemCount, 2). */
  readonly trends: Float32Array;
}

/**
 * What the words and attributes of an item say: whether what they name is taken more often than before, and how often the user took what has them, ever, lately and
 * at the last visit: the mean over the item's terms of `rarity · ln(1 + takes)`. NaN for an item that says nothing.
 */
export class TermFeatures implements CandidateFeatures {
  readonly names = [...ofItem, ...ofBoth];
  readonly #nowMs: number;
  readonly #columns: Columns;
  /** What a history says, by term, as `ofBoth` has it; all 0 between two questions. */
  readonly #said: readonly Float32Array[];

  constructor(nowMs: number, columns: Columns) {
    this.#nowMs = nowMs;
    this.#columns = columns;
    this.#said = ofBoth.map(() => new Float32Array(columns.rarity.length));
  }

  /** O(terms of the history's items + terms of the candidates). */
  write(
    { history }: RankingQuestion,
    candidates: Int32Array,
    rows: Float32Array,
    stride: number,
    column: number,
  ): void {
    const { start, terms, rarity, trends } = this.#columns;
    this.#tell(history);
    for (const [at, item] of candidates.entries()) {
      let to = at * stride + column;
      for (let feature = 0; feature < ofItem.length; feature++) rows[to++] = trends[item * ofItem.length + feature]!;
      const [from, end] = [start[item]!, start[item + 1]!];
      for (const said of this.#said) {
        let sum = 0;
        for (let place = from; place < end; place++) sum += rarity[terms[place]!]! * Math.log1p(said[terms[place]!]!);
        rows[to++] = sum / (end - from);
      }
    }
    this.#forget(history);
  }

  #tell({ items, atMs, weights }: History): void {
    const [ever, lately, lastVisit] = this.#said as [Float32Array, Float32Array, Float32Array];
    const nowMs = Math.max(this.#nowMs, atMs.at(-1) ?? Number.NEGATIVE_INFINITY);
    const lastStart = visitStarts(atMs).at(-1) ?? 0;
    for (const [deed, item] of items.entries()) {
      const weight = weights[deed]!;
      const fadedWeight = faded(weight, atMs[deed]!, nowMs, LATELY_HALF_LIFE_DAYS);
      for (const term of this.#termsOf(item)) {
        ever[term]! += weight;
        lately[term]! += fadedWeight;
        if (deed >= lastStart) lastVisit[term]! += weight;
      }
    }
  }

  #forget({ items }: History): void {
    for (const item of items) for (const term of this.#termsOf(item)) for (const said of this.#said) said[term] = 0;
  }

  /** None of an item that is not known. */
  #termsOf(item: number): Int32Array {
    const { start, terms } = this.#columns;
    return terms.subarray(start[item] ?? 0, start[item + 1] ?? 0);
  }

  pack(): Packed {
    return { settings: { nowMs: this.#nowMs }, columns: { ...this.#columns } };
  }

  static unpack({ settings, columns }: Packed): TermFeatures {
    return new TermFeatures(settings.nowMs as number, columns as unknown as Columns);
  }
}

/**
 * O(terms of all deeds).
 *
 * @param contents by item; undefined where an item says nothing.
 */
export function trainTermFeatures(
  data: RankingData,
  contents: readonly (ItemContent | undefined)[],
  settings: TermSettings,
  { nowMs }: { readonly nowMs: number },
): TermFeatures {
  const { start, items: terms } = contentTerms(contents, settings);
  const termCount = terms.reduce((most, term) => Math.max(most, term), -1) + 1;
  const [takes, recent, before] = Array.from({ length: 3 }, () => new Float64Array(termCount));
  const all = { takes: 0, recent: 0, before: 0 };
  for (const [deed, item] of data.items.entries()) {
    const days = (nowMs - data.atMs[deed]!) / DAY_MS;
    const isRecent = days < RECENT_DAYS;
    const isBefore = !isRecent && days < RECENT_DAYS + BEFORE_DAYS;
    all.takes++;
    all.recent += Number(isRecent);
    all.before += Number(isBefore);
    for (let at = start[item]!; at < start[item + 1]!; at++) {
      const term = terms[at]!;
      takes![term]!++;
      recent![term]! += Number(isRecent);
      before![term]! += Number(isBefore);
    }
  }
  const rarity = Float32Array.from(takes!, (count) => Math.log((1 + all.takes) / (1 + count)));
  const share = (count: number, of: number, days: number) => (count + PRIOR_A_DAY * days) / (of + PRIOR_A_DAY * days);
  const trend = Float32Array.from(recent!, (count, term) =>
    Math.log(share(count, all.recent, RECENT_DAYS) / share(before![term]!, all.before, BEFORE_DAYS)),
  );
  const trends = new Float32Array(ofItem.length * contents.length).fill(Number.NaN);
  for (let item = 0; item < contents.length; item++) {
    const values = Array.from(terms.subarray(start[item], start[item + 1]), (term) => trend[term]!);
    if (values.length === 0) continue;
    trends[ofItem.length * item] = values.reduce((sum, value) => sum + value, 0) / values.length;
    trends[ofItem.length * item + 1] = Math.max(...values);
  }
  return new TermFeatures(nowMs, { start, terms, rarity, trends });
}
