import type { BestItems } from './dot-product-search.ts';

/** What `DotProductSearch` approximates: every product summed, all sorted. */
export function bestItemsReference(
  factors: Float32Array,
  query: Float32Array,
  { k, excluded = [] }: { readonly k: number; readonly excluded?: readonly number[] },
): BestItems {
  const scores = Float32Array.from({ length: factors.length / query.length }, (_, item) =>
    query.reduce((sum, value, factor) => sum + value * factors[item * query.length + factor]!, 0),
  );
  const items = Int32Array.from(scores.keys())
    .filter((item) => !excluded.includes(item))
    .sort((a, b) => scores[b]! - scores[a]! || a - b)
    .slice(0, k);
  return { items, scores: Float32Array.from(items, (item) => scores[item]!) };
}
