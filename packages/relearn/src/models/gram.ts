import { transposed } from '../kernels/sparse-rows.ts';
import type { UserItemRows } from './user-item-rows.ts';

/**
 * How often items are taken by the same users, `XᵀX`, row by row: f32, symmetric, shape (itemCount, itemCount). A row at a time stays in the
 * processor's cache, and needs no square of memory.
 */
export class Gram {
  readonly #takers: UserItemRows;
  /** The users' rows again, each sorted by item. */
  readonly #rows: UserItemRows;

  constructor(rows: UserItemRows, itemCount: number) {
    this.#takers = transposed(rows, itemCount);
    this.#rows = transposed(this.#takers, rows.start.length - 1);
  }

  /**
   * Adds an item's row, as far as `sum` goes: `sum.length = item + 1` is the lower triangle's part.
   *
   * O(Σ row length over the item's takers).
   *
   * @param sum f32, at most itemCount long.
   */
  addRow(item: number, sum: Float32Array): void {
    const { start, items, weights } = this.#rows;
    const takers = this.#takers;
    const end = sum.length;
    for (let taker = takers.start[item]!; taker < takers.start[item + 1]!; taker++) {
      const user = takers.items[taker]!;
      const weight = takers.weights[taker]!;
      const last = start[user + 1]!;
      for (let at = start[user]!; at < last && items[at]! < end; at++) sum[items[at]!]! += weight * weights[at]!;
    }
  }
}
