/** Deeds with no longer pause between them belong to one visit, ms. */
export const VISIT_MS = 3 * 3_600_000;

/** First deed of each visit; all is one where no times are known, as its order says nothing. O(deeds). */
export function visitStarts(atMs: Float64Array): number[] {
  const starts: number[] = [];
  for (let deed = 0; deed < atMs.length; deed++) {
    if (deed === 0 || atMs[deed]! - atMs[deed - 1]! > VISIT_MS) starts.push(deed);
  }
  return starts;
}
