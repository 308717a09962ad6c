import type { UserItemRows } from './user-item-rows.ts';

/**
 * How often items are taken by the same users: `XᵀX`, f32 row-major, shape (itemCount, itemCount), symmetric, its rows `stride` apart. O(Σ row length²).
 *
 * @param product f32, at least itemCount · stride long, all zero before.
 */
export function addGram({ start, items, weights }: UserItemRows, product: Float32Array, stride: number): void {
  for (let user = 0; user + 1 < start.length; user++) {
    for (let a = start[user]!; a < start[user + 1]!; a++) {
      const row = items[a]! * stride;
      const weight = weights[a]!;
      for (let b = start[user]!; b < start[user + 1]!; b++) product[row + items[b]!]! += weight * weights[b]!;
    }
  }
}
