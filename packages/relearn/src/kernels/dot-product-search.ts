import type { Kernels } from './kernels.ts';
import { instantiateKernels, Layout, takeMemory } from './load-kernels.ts';

/** Items summed side by side, and factors of each that are read at a time. */
const GROUP = 16;
const QUAD = 4;

/** Groups that are left out together, where they can be. */
const GROUPS_PER_BLOCK = 64;
const BLOCK = GROUP * GROUPS_PER_BLOCK;

/** Items are kept in whole numbers −63 to 63, shifted to 0 and above; a query in −127 to 127. */
const ITEM_STEPS = 63;
const ITEM_SHIFT = 64;
const QUERY_STEPS = 127;

/** More than are wanted are kept of the approximate scores, to be scored exactly: so many times, and so many more. */
const KEPT_TIMES = 4;
const KEPT_MORE = 108;

/** Largest `k`. */
export const BEST_MAX = 1_000;

/** Best first; of equal scores the lower item first. */
export interface BestItems {
  readonly items: Int32Array;
  /** f32, shape (items.length). */
  readonly scores: Float32Array;
}

/**
 * The items of highest dot product with a query, out of millions: all items are scanned in 7-bit steps of their largest factor, longest items first, and the
 * best of the scan are scored exactly. A block whose longest item cannot come among the best is left out. Finds .99 of the exact best and
 * more; what it returns is scored exactly. Bytes: 1 a factor and 12 an item beside the f32 factors themselves, which
 * stay where they are.
 */
export class DotProductSearch {
  readonly itemCount: number;
  readonly factorCount: number;
  readonly #factors: Float32Array;
  /** Items by place, longest first, and the other way round. */
  readonly #order: Int32Array;
  readonly #placeOf: Int32Array;
  readonly #quads: number;
  readonly #groupCount: number;
  /** Length of the longest item in the numbers scanned, by block. */
  readonly #longest: Float64Array;
  readonly #kernels: Kernels;
  readonly #at: Record<'items' | 'query' | 'most' | 'excluded' | 'scores' | 'places', number>;
  readonly #query: Int8Array;
  readonly #most: Float32Array;
  readonly #excluded: Uint8Array;
  readonly #places: Int32Array;

  /**
   * O(items · factors + items · log items): about a second a million.
   *
   * @param factors f32 row-major, shape (itemCount, factorCount), finite; not to be changed afterwards.
   * @throws RangeError when the items need more than one memory holds, are not whole, or a factor is not finite.
   */
  constructor(factors: Float32Array, factorCount: number) {
    this.itemCount = factors.length / factorCount;
    if (!Number.isInteger(this.itemCount))
      throw new RangeError(`${factors.length} numbers are no whole items of ${factorCount} factors.`);
    this.factorCount = factorCount;
    this.#factors = factors;
    this.#quads = Math.ceil(factorCount / QUAD);
    this.#groupCount = Math.ceil(this.itemCount / GROUP);
    const blockCount = Math.ceil(this.itemCount / BLOCK);
    const kept = KEPT_TIMES * BEST_MAX + KEPT_MORE;
    const layout = new Layout();
    this.#at = {
      items: layout.take(this.#groupCount * this.#groupBytes),
      query: layout.take(this.#quads * QUAD),
      most: layout.take(blockCount * 4),
      excluded: layout.take(this.#groupCount * 2),
      scores: layout.take(kept * 4),
      places: layout.take((kept + GROUP) * 4),
    };
    const memory = takeMemory(layout.sizeBytes, `A search of ${this.itemCount} items by ${factorCount} factors`);
    this.#kernels = instantiateKernels(memory);
    this.#query = new Int8Array(memory.buffer, this.#at.query, this.#quads * QUAD);
    this.#most = new Float32Array(memory.buffer, this.#at.most, blockCount);
    this.#excluded = new Uint8Array(memory.buffer, this.#at.excluded, this.#groupCount * 2);
    this.#places = new Int32Array(memory.buffer, this.#at.places, kept);
    this.#longest = new Float64Array(blockCount);
    this.#order = longestFirst(factors, this.itemCount, factorCount);
    this.#placeOf = new Int32Array(this.itemCount);
    for (let place = 0; place < this.itemCount; place++) this.#placeOf[this.#order[place]!] = place;
    for (let place = this.itemCount; place < this.#groupCount * GROUP; place++) this.#bar(place, true);
    const groups = new Uint8Array(memory.buffer, this.#at.items, this.#groupCount * this.#groupBytes);
    const largest = largestOf(factors, 0, factors.length);
    for (let place = 0; place < this.itemCount; place++) {
      const block = Math.floor(place / BLOCK);
      this.#longest[block] = Math.max(this.#longest[block]!, this.#fillItem(groups, place, largest));
    }
  }

  /**
   * The best `k` items for a query, without those excluded. O(items · factors / 16): about 5 ms for a million of 64.
   *
   * @param query f32, shape (factorCount), finite.
   * @param excluded items; unknown ones are passed over.
   * @throws RangeError when `k` is over {@link BEST_MAX}, or the query has another shape or is not finite.
   */
  best(query: Float32Array, k: number, excluded: ArrayLike<number> = []): BestItems {
    if (query.length !== this.factorCount)
      throw new RangeError(`The query has ${query.length} factors; the items have ${this.factorCount}.`);
    if (k > BEST_MAX) throw new RangeError(`The best ${k} are more than ${BEST_MAX}.`);
    if (this.itemCount === 0 || k <= 0) return { items: new Int32Array(0), scores: new Float32Array(0) };
    this.#barAll(excluded, true);
    const kept = this.#scan(query, Math.min(KEPT_TIMES * k + KEPT_MORE, this.itemCount));
    this.#barAll(excluded, false);
    return this.#scored(query, kept, k);
  }

  /** Items whose approximate scores are best, in no order. The memory is the object's own: nothing else uses it meanwhile. */
  #scan(query: Float32Array, keep: number): Int32Array {
    const largest = largestOf(query, 0, query.length);
    if (!Number.isFinite(largest)) throw new RangeError('The query holds a number that is not finite.');
    let [sum, squares] = [0, 0];
    for (let factor = 0; factor < query.length; factor++) {
      const value = largest === 0 ? 0 : Math.round((query[factor]! / largest) * QUERY_STEPS);
      this.#query[factor] = value;
      sum += value;
      squares += value * value;
    }
    const length = Math.sqrt(squares) * (1 + 1e-5);
    for (const [block, longest] of this.#longest.entries()) this.#most[block] = longest * length;
    const at = this.#at;
    this.#kernels.scanItems(
      at.items,
      this.#groupCount,
      GROUPS_PER_BLOCK,
      this.#quads,
      at.query,
      -ITEM_SHIFT * sum,
      at.most,
      at.excluded,
      keep,
      at.scores,
      at.places,
    );
    const found = this.#places.subarray(0, keep).filter((place) => place >= 0);
    return found.map((place) => this.#order[place]!);
  }

  /** The best of some items by their exact scores. */
  #scored(query: Float32Array, items: Int32Array, k: number): BestItems {
    const scores = new Map(Array.from(items, (item) => [item, Math.fround(this.#dot(query, item))]));
    const best = items.sort((a, b) => scores.get(b)! - scores.get(a)! || a - b).slice(0, k);
    return { items: best, scores: Float32Array.from(best, (item) => scores.get(item)!) };
  }

  #dot(query: Float32Array, item: number): number {
    const from = item * this.factorCount;
    let sum = 0;
    for (let factor = 0; factor < this.factorCount; factor++) sum += query[factor]! * this.#factors[from + factor]!;
    return sum;
  }

  #barAll(items: ArrayLike<number>, isBarred: boolean): void {
    for (let at = 0; at < items.length; at++) {
      const place = this.#placeOf[items[at]!];
      if (place !== undefined) this.#bar(place, isBarred);
    }
  }

  #bar(place: number, isBarred: boolean): void {
    const bit = 1 << (place & 7);
    if (isBarred) this.#excluded[place >> 3]! |= bit;
    else this.#excluded[place >> 3]! &= ~bit;
  }

  /**
   * Rounds an item to steps of its largest factor, and lays it out as the scan reads it. What a step is worth is kept in steps of the largest factor of
   * all, so that no scan leaves the range of f32.
   *
   * @returns the item's length as scanned.
   */
  #fillItem(groups: Uint8Array, place: number, largestOfAll: number): number {
    const from = this.#order[place]! * this.factorCount;
    const largest = largestOf(this.#factors, from, from + this.factorCount);
    const perStep = largest === 0 ? 0 : ITEM_STEPS / largest;
    const scale = largest === 0 ? 0 : largest / largestOfAll;
    const lane = place % GROUP;
    const to = Math.floor(place / GROUP) * this.#groupBytes;
    new Float32Array(groups.buffer, groups.byteOffset + to, GROUP)[lane] = scale;
    let squares = 0;
    for (let factor = 0; factor < this.#quads * QUAD; factor++) {
      const value = factor < this.factorCount ? Math.round(this.#factors[from + factor]! * perStep) : 0;
      groups[to + GROUP * (4 + (factor & ~3)) + lane * QUAD + (factor & 3)] = value + ITEM_SHIFT;
      squares += value * value;
    }
    return scale * Math.sqrt(squares);
  }

  /** Sixteen scales, then sixteen bytes for each factor. */
  get #groupBytes(): number {
    return GROUP * (4 + this.#quads * QUAD);
  }
}

function largestOf(values: Float32Array, from: number, to: number): number {
  let largest = 0;
  for (let at = from; at < to; at++) largest = Math.max(largest, Math.abs(values[at]!));
  return largest;
}

/** @throws RangeError naming the first item with a factor that is not finite. */
function longestFirst(factors: Float32Array, itemCount: number, factorCount: number): Int32Array {
  const squares = new Float64Array(itemCount);
  for (let item = 0; item < itemCount; item++) {
    for (let at = item * factorCount; at < (item + 1) * factorCount; at++) squares[item]! += factors[at]! ** 2;
    if (!Number.isFinite(squares[item])) throw new RangeError(`Item ${item} has a factor that is not finite.`);
  }
  return Int32Array.from(squares.keys()).sort((a, b) => squares[b]! - squares[a]! || a - b);
}
