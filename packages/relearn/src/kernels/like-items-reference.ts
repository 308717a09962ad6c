import type { LikeItemsOptions } from './like-items.ts';

/**
 * What `likeItems` finds for one item, by whole products in f64: items and their likenesses, best first. O(rows · itemCount + itemCount · log itemCount).
 *
 * @param matrix X, row-major, shape (rows, itemCount).
 */
export function likeItemsReference(
  matrix: Float64Array,
  item: number,
  { itemCount, keptCount, norms, shrink = 1, withItself = false }: LikeItemsOptions & { readonly itemCount: number },
): { item: number; likeness: number }[] {
  const product = (other: number) => {
    let sum = 0;
    for (let from = 0; from < matrix.length; from += itemCount) sum += matrix[from + item]! * matrix[from + other]!;
    return sum;
  };
  return Array.from({ length: itemCount }, (_, other) => {
    const norm = norms ? norms[item]! * norms[other]! : 0;
    return { item: other, likeness: product(other) / (norm + shrink) };
  })
    .filter(({ item: other, likeness }) => likeness > 0 && (withItself || other !== item))
    .sort((a, b) => b.likeness - a.likeness || a.item - b.item)
    .slice(0, keptCount);
}
