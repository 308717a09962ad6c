/** One thing a person did; items and kinds by their numbers. */
export interface Deed {
  /** Place in the log. */
  readonly sequence: number;
  readonly item: number;
  readonly kind: number;
  readonly atMs: number;
  readonly weight: number;
  /** Hash of the basket; deeds of one basket share it. */
  readonly basket: number;
}

const BYTES = 24;

/** Newest deeds kept for a person; a model's answer hardly moves by older ones. */
export const DEEDS_MAX = 400;

/** What one person did, in the order it was acknowledged, newest last, as columns that grow. */
export class PersonHistory {
  items = new Int32Array(16);
  kinds = new Int32Array(16);
  baskets = new Int32Array(16);
  weights = new Float32Array(16);
  atMs = new Float64Array(16);
  length = 0;

  add({ item, kind, atMs, weight, basket }: Omit<Deed, 'sequence'>): void {
    if (this.length === this.items.length) this.#makeRoom();
    const at = this.length++;
    this.items[at] = item;
    this.kinds[at] = kind;
    this.baskets[at] = basket;
    this.weights[at] = weight;
    this.atMs[at] = atMs;
  }

  /** The deed at this place of another history. */
  addFrom({ items, kinds, atMs, weights, baskets }: PersonHistory, at: number): void {
    this.add({ item: items[at]!, kind: kinds[at]!, atMs: atMs[at]!, weight: weights[at]!, basket: baskets[at]! });
  }

  /** Whether this kind of thing was done with an item. */
  has(item: number, kind: number): boolean {
    for (let at = this.length - 1; at >= 0; at--) if (this.items[at] === item && this.kinds[at] === kind) return true;
    return false;
  }

  /** The last `count` deeds, newest first. */
  newest(count: number): Omit<Deed, 'sequence'>[] {
    return Array.from({ length: Math.min(count, this.length) }, (_, back) => {
      const at = this.length - 1 - back;
      return {
        item: this.items[at]!,
        kind: this.kinds[at]!,
        basket: this.baskets[at]!,
        weight: this.weights[at]!,
        atMs: this.atMs[at]!,
      };
    });
  }

  /** Packed for the store: 24 bytes a deed, little-endian, at most {@link DEEDS_MAX}. */
  encode(): Uint8Array {
    const from = Math.max(0, this.length - DEEDS_MAX);
    const view = new DataView(new ArrayBuffer((this.length - from) * BYTES));
    for (let at = from; at < this.length; at++) {
      const byte = (at - from) * BYTES;
      view.setFloat64(byte, this.atMs[at]!, true);
      view.setFloat32(byte + 8, this.weights[at]!, true);
      view.setInt32(byte + 12, this.items[at]!, true);
      view.setInt32(byte + 16, this.kinds[at]!, true);
      view.setInt32(byte + 20, this.baskets[at]!, true);
    }
    return new Uint8Array(view.buffer);
  }

  static decode(bytes: Uint8Array): PersonHistory {
    const history = new PersonHistory();
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let byte = 0; byte + BYTES <= bytes.byteLength; byte += BYTES) {
      history.add({
        atMs: view.getFloat64(byte, true),
        weight: view.getFloat32(byte + 8, true),
        item: view.getInt32(byte + 12, true),
        kind: view.getInt32(byte + 16, true),
        basket: view.getInt32(byte + 20, true),
      });
    }
    return history;
  }

  /** Doubles the columns; once twice the most is reached, the older half goes instead. */
  #makeRoom(): void {
    const drop = this.length >= 2 * DEEDS_MAX ? this.length - DEEDS_MAX : 0;
    const size = drop > 0 ? this.items.length : this.items.length * 2;
    this.items = moved(this.items, new Int32Array(size), drop);
    this.kinds = moved(this.kinds, new Int32Array(size), drop);
    this.baskets = moved(this.baskets, new Int32Array(size), drop);
    this.weights = moved(this.weights, new Float32Array(size), drop);
    this.atMs = moved(this.atMs, new Float64Array(size), drop);
    this.length -= drop;
  }
}

/** Two histories as one: what was done earlier comes first, and each keeps its own order. Neither is changed. */
export function joined(one: PersonHistory | undefined, other: PersonHistory): PersonHistory {
  if (one === undefined || one.length === 0) return other;
  if (other.length === 0) return one;
  const history = new PersonHistory();
  let ofOne = Math.max(0, one.length - DEEDS_MAX);
  let ofOther = Math.max(0, other.length - DEEDS_MAX);
  while (ofOne < one.length && ofOther < other.length) {
    if (one.atMs[ofOne]! <= other.atMs[ofOther]!) history.addFrom(one, ofOne++);
    else history.addFrom(other, ofOther++);
  }
  while (ofOne < one.length) history.addFrom(one, ofOne++);
  while (ofOther < other.length) history.addFrom(other, ofOther++);
  return history;
}

function moved<T extends Int32Array | Float32Array | Float64Array>(from: T, to: T, drop: number): T {
  to.set(from.subarray(drop) as never);
  return to;
}
