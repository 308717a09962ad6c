import type { UserItemRows } from './user-item-rows.ts';

export interface DegreeNormalised {
  /** `D_U^−½ R D_I^−½`, D the degrees of users and items by weight. */
  readonly rows: UserItemRows;
  /** Degrees of items: f32, shape (itemCount). */
  readonly popularity: Float32Array;
}

/** O(pairs). */
export function degreeNormalised(rows: UserItemRows, itemCount: number): DegreeNormalised {
  const popularity = new Float32Array(itemCount);
  for (const [at, item] of rows.items.entries()) popularity[item]! += rows.weights[at]!;
  const weights = rows.weights.slice();
  for (let user = 0; user + 1 < rows.start.length; user++) {
    const [from, to] = [rows.start[user]!, rows.start[user + 1]!];
    const degree = rows.weights.subarray(from, to).reduce((sum, weight) => sum + weight, 0);
    for (let at = from; at < to; at++) weights[at]! /= Math.sqrt(degree * popularity[rows.items[at]!]!);
  }
  return { rows: { ...rows, weights }, popularity };
}
