/**
 * The newest of some times, ms: what fades is taken to fade from there on. It is weighed against its like alone, and what has long rested must not fade
 * to numbers too small to tell apart. Now where no time is known, or all are ahead of it.
 */
export function newestTime(atMs: Float64Array, nowMs: number): number {
  let newestMs = Number.NEGATIVE_INFINITY;
  for (const time of atMs) if (time > newestMs) newestMs = time;
  return newestMs === Number.NEGATIVE_INFINITY ? nowMs : Math.min(nowMs, newestMs);
}
