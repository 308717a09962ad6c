/** Deeds with no longer pause between them belong to one visit, ms. */
export const VISIT_MS = 3 * 3_600_000;

/** Whether a deed is the first of a visit: the first of all, or one after a longer pause. */
export function beginsVisit(atMs: Float64Array, deed: number): boolean {
  return deed === 0 || atMs[deed]! - atMs[deed - 1]! > VISIT_MS;
}

/** First deed of each visit; all is one where no times are known, as its order says nothing. O(deeds). */
export function visitStarts(atMs: Float64Array): number[] {
  const starts: number[] = [];
  for (let deed = 0; deed < atMs.length; deed++) {
    if (beginsVisit(atMs, deed)) starts.push(deed);
  }
  return starts;
}
