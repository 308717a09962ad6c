import { chosenRows, type SparseRows, transposed } from '../kernels/sparse-rows.ts';

interface AttributeRowsSettings {
  /** Items that have a place, ascending; of all that {@link attributeRows} is given, so many. */
  readonly kept: Int32Array;
  readonly itemCount: number;
  /** What a row's square weighs. */
  readonly attributeWeight: number;
}

/**
 * Attributes as users would be: each a row of the items that have it, by their places among those kept. One that a single item has says nothing of others
 * and is left out. O(entries).
 *
 * @param attributes by item, shape (itemCount) rows. @throws RangeError when there are more or fewer, one is below 0, or a weight is not finite.
 */
export function attributeRows(
  attributes: SparseRows,
  { kept, itemCount, attributeWeight }: AttributeRowsSettings,
): SparseRows {
  checkAttributes(attributes, itemCount);
  const attributeCount = attributes.items.reduce((most, attribute) => Math.max(most, attribute), -1) + 1;
  const byAttribute = transposed(chosenRows(attributes, kept), attributeCount);
  const { start } = byAttribute;
  const all = Int32Array.from(start.subarray(1).keys());
  const shared = all.filter((attribute) => start[attribute + 1]! - start[attribute]! > 1);
  const rows = chosenRows(byAttribute, shared);
  const scale = Math.sqrt(attributeWeight);
  return { ...rows, weights: rows.weights.map((weight) => weight * scale) };
}

function checkAttributes({ start, items, weights }: SparseRows, itemCount: number): void {
  if (start.length !== itemCount + 1)
    throw new RangeError(`Attributes of ${start.length - 1} items were given where there are ${itemCount}.`);
  const below = items.find((attribute) => attribute < 0);
  if (below !== undefined) throw new RangeError(`Attribute ${below} was given; they are numbered from 0.`);
  const wrong = weights.findIndex((weight) => !Number.isFinite(weight));
  if (wrong >= 0) throw new RangeError(`Attribute ${items[wrong]} has weight ${weights[wrong]}; it must be finite.`);
}
