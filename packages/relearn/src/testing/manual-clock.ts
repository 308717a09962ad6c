/** A clock that stands still until it is told otherwise; ms since the epoch. What waits for a time wakes when it is moved. */
export interface ManualClock {
  (): number;
  advance(ms: number): void;
  /** Calls `wake` after each move; returns what takes the wish back. */
  onMove(wake: () => void): () => void;
}

export function manualClock(startMs = Date.UTC(2026, 0, 1)): ManualClock {
  let nowMs = startMs;
  const wakes = new Set<() => void>();
  return Object.assign(() => nowMs, {
    advance(ms: number) {
      nowMs += ms;
      for (const wake of wakes) wake();
    },
    onMove(wake: () => void) {
      wakes.add(wake);
      return () => wakes.delete(wake);
    },
  });
}
