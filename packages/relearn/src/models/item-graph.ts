import { type SparseRows, transposed } from '../kernels/sparse-rows.ts';
import type { ItemRow } from './user-item-rows.ts';

/** `ZᵀZ`, kept by Z: how items hang together that the same users took. 16 bytes for each pair. */
export class ItemGraph {
  /** Z by users. */
  readonly rows: SparseRows;
  /** Z by items. */
  readonly #takers: SparseRows;
  /** How much each user took of a history; all 0 between two answers. */
  readonly #shares: Float32Array;

  constructor(rows: SparseRows, itemCount: number) {
    this.rows = rows;
    this.#takers = transposed(rows, itemCount);
    this.#shares = new Float32Array(rows.start.length - 1);
  }

  /** Adds `scale · ZᵀZ h` to the sums, shape (itemCount): goes through all that those took who took something of the history. */
  addProduct(history: ItemRow, scale: number, sums: Float32Array): void {
    const { start, items, weights } = this.rows;
    const shares = this.#shares;
    for (const user of this.#share(history)) {
      const share = shares[user]! * scale;
      shares[user] = 0;
      const end = start[user + 1]!;
      for (let at = start[user]!; at < end; at++) sums[items[at]!]! += share * weights[at]!;
    }
  }

  /** Writes `Z h` to the shares; returns whose are not 0. */
  #share({ rows, weights: taken }: ItemRow): number[] {
    const { start, items: users, weights } = this.#takers;
    const shares = this.#shares;
    const sharing: number[] = [];
    for (let place = 0; place < rows.length; place++) {
      const end = start[rows[place]! + 1]!;
      for (let at = start[rows[place]!]!; at < end; at++) {
        const user = users[at]!;
        if (shares[user] === 0) sharing.push(user);
        shares[user]! += taken[place]! * weights[at]!;
      }
    }
    return sharing;
  }

  /** O(takers of both). */
  at(a: number, b: number): number {
    const { start, items: users, weights } = this.#takers;
    let sum = 0;
    let [left, right] = [start[a]!, start[b]!];
    while (left < start[a + 1]! && right < start[b + 1]!) {
      const ahead = users[left]! - users[right]!;
      if (ahead === 0) sum += weights[left]! * weights[right]!;
      if (ahead <= 0) left++;
      if (ahead >= 0) right++;
    }
    return sum;
  }
}
