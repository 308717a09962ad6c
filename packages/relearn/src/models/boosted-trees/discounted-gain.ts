import type { TrainingTable } from './training-table.ts';

/** 2^label − 1 of each label up to the largest, f32. */
export function gainsTo(labelMax: number): Float32Array {
  return Float32Array.from({ length: labelMax + 1 }, (_, label) => 2 ** label - 1);
}

/** 1 / log2(place + 2) of each place from 0 on, f32. */
export function discountsTo(count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, place) => 1 / Math.log2(place + 2));
}

/** DCG of each group's best order, cut at the truncation, f32, shape (groupCount); 0 where all rows are wanted alike. */
export function bestGains(
  { labels, groups }: TrainingTable,
  { gains, discounts, truncation }: { gains: Float32Array; discounts: Float32Array; truncation: number },
): Float32Array {
  return Float32Array.from({ length: groups!.length - 1 }, (_, group) => {
    const own = labels
      .slice(groups![group], groups![group + 1])
      .sort()
      .reverse();
    if (own.length < 2 || own[0] === own.at(-1)) return 0;
    return own.subarray(0, truncation).reduce((sum, label, place) => sum + gains[label]! * discounts[place]!, 0);
  });
}
