/** A clock that stands still until it is told otherwise; ms since the epoch. */
export interface ManualClock {
  (): number;
  advance(ms: number): void;
}

export function manualClock(startMs = Date.UTC(2026, 0, 1)): ManualClock {
  let nowMs = startMs;
  return Object.assign(() => nowMs, {
    advance(ms: number) {
      nowMs += ms;
    },
  });
}
