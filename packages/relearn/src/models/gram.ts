import type { UserItemRows } from './user-item-rows.ts';

/** How often items are taken by the same users: `XᵀX`, f64 row-major, shape (itemCount, itemCount), symmetric. O(Σ row length²), 8 n² bytes. */
export function gram({ start, items, weights }: UserItemRows, itemCount: number): Float64Array {
  const product = new Float64Array(itemCount * itemCount);
  for (let user = 0; user + 1 < start.length; user++) {
    for (let a = start[user]!; a < start[user + 1]!; a++) {
      const row = items[a]! * itemCount;
      const weight = weights[a]!;
      for (let b = start[user]!; b < start[user + 1]!; b++) product[row + items[b]!]! += weight * weights[b]!;
    }
  }
  return product;
}
