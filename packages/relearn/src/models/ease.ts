import { ROWS_MAX } from '../kernels/row-scorer.ts';
import { chosenRows, type SparseRows, stackedRows } from '../kernels/sparse-rows.ts';
import type { ThreadPool } from '../kernels/thread-pool.ts';
import { checkRankingData } from './check-ranking-data.ts';
import type { Packed } from './codec.ts';
import { attributeRows } from './ease-attributes.ts';
import { EaseItemSpace } from './ease-item-space.ts';
import type { EaseMap, EaseProblem } from './ease-problem.ts';
import { EaseSpectrum } from './ease-spectrum.ts';
import { EaseUserSpace } from './ease-user-space.ts';
import { type MostTakenSettings, mostTaken, placesOf } from './most-taken.ts';
import type { History, RankingData, RankingModel } from './ranking.ts';
import { relativePopularity } from './relative-popularity.ts';
import { salesTrend } from './trend.ts';
import { historyRow, type ItemRow, type RowSettings, type UserItemRows, userItemRows } from './user-item-rows.ts';

export interface EaseSettings extends RowSettings, MostTakenSettings {
  /** Added to the Gram matrix's diagonal, at the item of mean popularity; larger trusts the data less. Above 0. */
  readonly regularisation?: number;
  /** It grows with an item's popularity, its place in the Gram matrix's diagonal, to this power: 0 is one for all, 1 is dropout's. */
  readonly regularisationPower?: number;
  /** Scores are divided by the item's popularity to this power. */
  readonly popularityPower?: number;
  /** Scores are multiplied by the sales trend to this power. */
  readonly trendPower?: number;
  /** How much an attribute says beside a user who took the same items; 1 unless said. */
  readonly attributeWeight?: number;
  /** What the map is kept by; unless said, users where they are far fewer, else items, which score alike. The spectrum comes near in little time, however many there are. */
  readonly space?: EaseSpace;
  /** Singular vectors that the spectrum keeps; 128 unless said. */
  readonly rank?: number;
}

type EaseSpace = 'items' | 'users' | 'spectrum';

export interface EaseContext {
  readonly nowMs: number;
  /** Where the spectrum's search begins. */
  readonly seed?: number | undefined;
  readonly pool?: ThreadPool | undefined;
  readonly signal?: AbortSignal | undefined;
  /** What is known of items, by item: any attributes, numbered from 0, and how much of each it has; `contentTerms` makes them of texts. */
  readonly attributes?: SparseRows | undefined;
}

/**
 * Scores items by a linear map of what the user took, whose weights foretell each item from all others: row by item taken, column by item
 * scored, the trend already in it. Items that too few took have no place in the map: they say nothing and score 0.
 */
export class Ease implements RankingModel {
  readonly itemCount: number;
  readonly #map: EaseMap;
  readonly #kept: Int32Array;
  readonly #places: Int32Array;
  readonly #row: RowSettings;
  #sums = new Float32Array(0);

  /** @param kept items of the map's rows and columns, ascending. */
  constructor(map: EaseMap, { itemCount, kept, row }: { itemCount: number; kept: Int32Array; row: RowSettings }) {
    this.itemCount = itemCount;
    this.#map = map;
    this.#kept = kept;
    this.#places = placesOf(kept, itemCount);
    this.#row = row;
  }

  /** Of the newest {@link ROWS_MAX} items taken. */
  score(history: History, nowMs: number, scores: Float32Array): void {
    this.#score([this.#rowOf(history, nowMs)], scores);
  }

  scoreMany(histories: readonly History[], nowMs: number, scores: Float32Array): void {
    const rows = histories.map((history) => {
      const row = this.#rowOf(history, nowMs);
      return { rows: row.rows.slice(), weights: row.weights.slice() };
    });
    this.#score(rows, scores);
  }

  #rowOf(history: History, nowMs: number): ItemRow {
    return historyRow(newest(history), this.#row, { nowMs, itemCount: this.#kept.length, places: this.#places });
  }

  #score(rows: readonly ItemRow[], scores: Float32Array): void {
    const { itemCount } = this;
    const kept = this.#kept;
    if (kept.length === itemCount) {
      this.#map.score(rows, scores);
      return;
    }
    if (this.#sums.length < rows.length * kept.length) this.#sums = new Float32Array(rows.length * kept.length);
    const sums = this.#sums.subarray(0, rows.length * kept.length);
    this.#map.score(rows, sums);
    scores.fill(0);
    for (let row = 0; row < rows.length; row++) {
      for (let at = 0; at < kept.length; at++) scores[row * itemCount + kept[at]!] = sums[row * kept.length + at]!;
    }
  }

  /** How much having taken `item` speaks for `other`. */
  similarity(item: number, other: number): number {
    const [from, to] = [this.#places[item]!, this.#places[other]!];
    return from < 0 || to < 0 ? 0 : this.#map.at(from, to);
  }

  /** Which of some items speaks most for another; −1 where none does. */
  speaker(items: Int32Array, other: number): number {
    const to = this.#places[other]!;
    let speaker = -1;
    let most = 0;
    for (let at = 0; to >= 0 && at < items.length; at++) {
      const from = this.#places[items[at]!] ?? -1;
      const says = from < 0 ? 0 : this.#map.at(from, to);
      if (says <= most) continue;
      most = says;
      speaker = items[at]!;
    }
    return speaker;
  }

  pack(): Packed {
    const { settings, columns } = this.#map.pack();
    return {
      settings: { ...settings, itemCount: this.itemCount, row: this.#row },
      columns: { ...columns, kept: this.#kept },
    };
  }

  static unpack(packed: Packed): Ease {
    const { itemCount, row } = packed.settings as { itemCount: number; row: RowSettings };
    const kept = packed.columns.kept as Int32Array;
    return new Ease(unpackedMap(packed, kept.length), { itemCount, kept, row });
  }
}

/**
 * B = I − P · diag(1 / P), P = (XᵀX + Λ)⁻¹, diagonal zero; attributes are rows of X that nobody took. Time and memory are those of {@link EaseItemSpace},
 * {@link EaseUserSpace} or {@link EaseSpectrum}.
 *
 * Sources: Steck 2019 (EASE); a regularisation that grows with popularity: Steck 2020 (autoencoders that don't overfit towards the identity); attributes as
 * rows: Jeunen, Van Balen & Goethals 2020 (CEASE).
 *
 * @throws RangeError when the regularisation is not above 0, or memory does not suffice.
 */
export function trainEase(
  data: RankingData,
  {
    regularisation = 20,
    regularisationPower = 0,
    popularityPower = 0,
    trendPower = 0,
    takersMin,
    itemsMax,
    attributeWeight = 1,
    space,
    rank = 128,
    ...row
  }: EaseSettings,
  { nowMs, seed = 1, attributes, ...work }: EaseContext,
): Ease {
  checkRankingData(data);
  if (!(regularisation > 0)) throw new RangeError(`EASE needs a regularisation above 0, not ${regularisation}.`);
  const kept = mostTaken(data, { takersMin, itemsMax });
  const places = placesOf(kept, data.itemCount);
  const mapped = { ...data, itemCount: kept.length, items: data.items.map((item) => places[item]!) };
  const taken = withoutEmpty(userItemRows(mapped, row, nowMs));
  const popularity = relativePopularity(diagonalOf(taken, kept.length));
  const trend = salesTrend(data, nowMs);
  const problem = {
    rows: attributes
      ? stackedRows(taken, attributeRows(attributes, { kept, itemCount: data.itemCount, attributeWeight }))
      : taken,
    itemCount: kept.length,
    ridge: popularity.map((relative) => regularisation * relative ** regularisationPower),
    factor: popularity.map((relative, place) => trend[kept[place]!]! ** trendPower / relative ** popularityPower),
  };
  const maps = {
    items: () => EaseItemSpace.learn(problem, work),
    users: () => EaseUserSpace.learn(problem, work),
    spectrum: () => EaseSpectrum.learn(problem, { rank, seed, ...work }),
  };
  return new Ease(maps[space ?? cheaperSpace(problem)](), { itemCount: data.itemCount, kept, row });
}

function unpackedMap(packed: Packed, itemCount: number): EaseMap {
  if ('surplus' in packed.columns) return EaseSpectrum.unpack(packed);
  if ('inverse' in packed.columns) return EaseUserSpace.unpack(packed);
  return EaseItemSpace.unpack(packed, itemCount);
}

/** So many times fewer must users be: 1,000 of 4,000 items train in a twentieth of the time, but an answer by users reads more, 200 µs for 35. */
const USERS_FEWER = 4;

function cheaperSpace({ rows, itemCount }: EaseProblem): EaseSpace {
  return (rows.start.length - 1) * USERS_FEWER <= itemCount ? 'users' : 'items';
}

/** The users who took anything that is kept. */
function withoutEmpty(rows: UserItemRows): UserItemRows {
  const { start } = rows;
  const users = Int32Array.from(start.subarray(1).keys());
  return chosenRows(
    rows,
    users.filter((user) => start[user + 1]! > start[user]!),
  );
}

/** Diagonal of XᵀX. */
function diagonalOf({ items, weights }: UserItemRows, itemCount: number): Float32Array {
  const diagonal = new Float32Array(itemCount);
  for (let at = 0; at < items.length; at++) diagonal[items[at]!]! += weights[at]! * weights[at]!;
  return diagonal;
}

function newest(history: History): History {
  const from = history.items.length - ROWS_MAX;
  if (from <= 0) return history;
  return {
    items: history.items.subarray(from),
    atMs: history.atMs.subarray(from),
    weights: history.weights.subarray(from),
  };
}
