/** An input kept with a version, and its answer when the version was trained: a version that answers otherwise did not load whole. */
export interface GoldenPrediction {
  readonly features: unknown;
  readonly output: unknown;
}

/** Relative difference of numbers that counts as none: processors differ by fused multiply-add. */
const TOLERANCE = 1e-4;

/** Whether two answers say the same: numbers within the tolerance, everything else exactly. */
export function isSameAnswer(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number') {
    return Object.is(a, b) || Math.abs(a - b) <= TOLERANCE * Math.max(1, Math.abs(a), Math.abs(b));
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const [left, right] = [definedEntries(a), new Map(definedEntries(b))];
  return (
    left.length === right.size && left.every(([key, value]) => right.has(key) && isSameAnswer(value, right.get(key)))
  );
}

function definedEntries(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, part]) => part !== undefined);
}
