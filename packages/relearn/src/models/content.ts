import { transposed } from '../kernels/sparse-rows.ts';
import type { Packed } from './codec.ts';
import { hashedTerms, type ItemContent, type TermSettings } from './content-terms.ts';
import type { History, RankingModel } from './ranking.ts';
import { historyRow, normalise, type RowSettings, type UserItemRows } from './user-item-rows.ts';

export interface ContentSettings extends TermSettings, RowSettings {}

/**
 * Scores items by how much what they say of themselves is like what the items of a history say: also items that nobody has taken yet. Likeness is the
 * cosine of tf-idf over hashed terms; an item is not like itself.
 */
export class Content implements RankingModel {
  readonly itemCount: number;
  /** Items by terms, each row of length 1 or empty, and the other way about. */
  readonly #items: UserItemRows;
  readonly #terms: UserItemRows;
  readonly #row: RowSettings;
  /** What a history says, by term; all 0 between two questions. */
  readonly #said: Float32Array;

  /** @param items in place of a user an item, in place of its items terms, numbered as they come. */
  constructor(items: UserItemRows, row: RowSettings) {
    this.itemCount = items.start.length - 1;
    this.#items = items;
    this.#terms = transposed(items, items.items.reduce((most, term) => Math.max(most, term), -1) + 1);
    this.#row = row;
    this.#said = new Float32Array(this.#terms.start.length - 1);
  }

  /** O(terms of the history's items + items with each of these terms). */
  score(history: History, nowMs: number, scores: Float32Array): void {
    scores.fill(0);
    const { rows, weights } = historyRow(history, this.#row, { nowMs, itemCount: this.itemCount });
    const terms = new Set<number>();
    for (let at = 0; at < rows.length; at++) this.#say(rows[at]!, weights[at]!, terms);
    for (const term of terms) {
      this.#addTakers(term, this.#said[term]!, scores);
      this.#said[term] = 0;
    }
    const { start } = this.#items;
    for (let at = 0; at < rows.length; at++) {
      const item = rows[at]!;
      if (start[item + 1]! > start[item]!) scores[item]! -= weights[at]!;
    }
  }

  #say(item: number, weight: number, terms: Set<number>): void {
    const { start, items, weights } = this.#items;
    for (let at = start[item]!; at < start[item + 1]!; at++) {
      terms.add(items[at]!);
      this.#said[items[at]!]! += weight * weights[at]!;
    }
  }

  #addTakers(term: number, weight: number, scores: Float32Array): void {
    const { start, items, weights } = this.#terms;
    for (let at = start[term]!; at < start[term + 1]!; at++) scores[items[at]!]! += weight * weights[at]!;
  }

  /**
   * Adds `weight` times each item's likeness to `item`.
   *
   * @param scores f32, shape (itemCount); the item's own place stays as it is.
   */
  addSimilar(item: number, weight: number, scores: Float32Array): void {
    const { start, items, weights } = this.#items;
    const own = scores[item]!;
    for (let at = start[item]!; at < start[item + 1]!; at++) this.#addTakers(items[at]!, weight * weights[at]!, scores);
    scores[item] = own;
  }

  pack(): Packed {
    const { start, items: terms, weights } = this.#items;
    return { settings: { row: this.#row }, columns: { start, terms, weights } };
  }

  static unpack({ settings, columns }: Packed): Content {
    const { start, terms, weights } = columns as { start: Int32Array; terms: Int32Array; weights: Float32Array };
    return new Content({ start, items: terms, weights }, settings.row as RowSettings);
  }
}

/** @param contents by item; undefined where an item says nothing, which is like nothing. */
export function trainContent(contents: readonly (ItemContent | undefined)[], settings: ContentSettings): Content {
  const { wordLettersMin: _, wordsMax: __, partLengths: ___, ...row } = settings;
  return new Content(contentTerms(contents, settings), row);
}

/**
 * Items by their terms, numbered as they come; each row of length 1 or empty. A term counts `(1 + ln tf) · ln(1 + items / items with it)`. O(terms); bytes by terms too.
 *
 * @param contents by item; undefined where an item says nothing.
 */
export function contentTerms(
  contents: readonly (ItemContent | undefined)[],
  settings: TermSettings = {},
): UserItemRows {
  const counts = Array.from(contents, (content) =>
    content ? hashedTerms(content, settings) : new Map<number, number>(),
  );
  const numberOf = new Map<number, number>();
  const takers: number[] = [];
  for (const term of counts.flatMap((row) => [...row.keys()])) {
    const number = numberOf.get(term) ?? numberOf.size;
    numberOf.set(term, number);
    takers[number] = (takers[number] ?? 0) + 1;
  }
  const start = new Int32Array(counts.length + 1);
  for (const [item, { size }] of counts.entries()) start[item + 1] = start[item]! + size;
  const items = Int32Array.from(
    counts.flatMap((row) => [...row.keys()]),
    (term) => numberOf.get(term)!,
  );
  const weights = Float32Array.from(
    counts.flatMap((row) => [...row.values()]),
    (count, at) => weightOf(count) * Math.log1p(counts.length / takers[items[at]!]!),
  );
  for (let item = 0; item < counts.length; item++) normalise(weights.subarray(start[item], start[item + 1]), 1);
  return { start, items, weights };
}

/** 0 where terms of one number cancelled out. */
function weightOf(count: number): number {
  return count === 0 ? 0 : Math.sign(count) * (1 + Math.log(Math.abs(count)));
}
