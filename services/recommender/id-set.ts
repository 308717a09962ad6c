/** Ids as 64-bit hashes, open addressing with linear probing, at most half full: 16 to 32 bytes an id. */
export class IdSet {
  #slots = new Uint32Array(2 * 1024);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(high: number, low: number): boolean {
    const slot = this.#find(high, low);
    return (this.#slots[slot]! | this.#slots[slot + 1]!) !== 0;
  }

  /** False when the id was there already. */
  add(high: number, low: number): boolean {
    if (this.#size * 4 >= this.#slots.length) this.#grow();
    const slot = this.#find(high, low);
    if ((this.#slots[slot]! | this.#slots[slot + 1]!) !== 0) return false;
    this.#slots[slot] = high;
    this.#slots[slot + 1] = low;
    this.#size++;
    return true;
  }

  /** Takes an id out; those that were moved past it by collisions move back. */
  delete(high: number, low: number): void {
    const slots = this.#slots;
    const mask = slots.length / 2 - 1;
    let hole = this.#find(high, low) / 2;
    if ((slots[2 * hole]! | slots[2 * hole + 1]!) === 0) return;
    this.#size--;
    for (let at = (hole + 1) & mask; (slots[2 * at]! | slots[2 * at + 1]!) !== 0; at = (at + 1) & mask) {
      const stepsFromHome = (at - (slots[2 * at + 1]! & mask)) & mask;
      if (stepsFromHome < ((at - hole) & mask)) continue;
      slots.copyWithin(2 * hole, 2 * at, 2 * at + 2);
      hole = at;
    }
    slots.fill(0, 2 * hole, 2 * hole + 2);
  }

  #find(high: number, low: number): number {
    const mask = this.#slots.length / 2 - 1;
    for (let at = low & mask; ; at = (at + 1) & mask) {
      const [foundHigh, foundLow] = [this.#slots[2 * at]!, this.#slots[2 * at + 1]!];
      if ((foundHigh | foundLow) === 0 || (foundHigh === high && foundLow === low)) return 2 * at;
    }
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(old.length * 2);
    this.#size = 0;
    for (let at = 0; at < old.length; at += 2) if ((old[at]! | old[at + 1]!) !== 0) this.add(old[at]!, old[at + 1]!);
  }
}

/**
 * Hashes an id to 64 bits, never all zero, as two unsigned 32-bit numbers: two rounds of multiply and fold, one a half (after the
 * public-domain cyrb53). Among 20 million ids the chance that any two meet is about 1 in 90,000.
 */
export function hashId(id: string): readonly [high: number, low: number] {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let at = 0; at < id.length; at++) {
    const unit = id.charCodeAt(at);
    high = Math.imul(high ^ unit, 2_654_435_761);
    low = Math.imul(low ^ unit, 1_597_334_677);
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909);
  return [high >>> 0, (high === 0 && low === 0 ? 1 : low) >>> 0];
}
