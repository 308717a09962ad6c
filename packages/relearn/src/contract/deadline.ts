/** Header that carries what is left of the caller's time, in whole ms: clocks of two machines need not agree. */
export const DEADLINE_HEADER = 'relearn-deadline-ms';

/** Budget of a call that sets none. */
export const TIMEOUT_MS = 2_000;

/** What the header carries and a timer counts; longer budgets are cut to it. */
const TIMEOUT_MS_MAX = 999_999_999;

/** A call's whole budget in ms. @throws RangeError when it is no number above 0. */
export function callBudgetMs(timeoutMs: number): number {
  if (!(timeoutMs > 0)) throw new RangeError(`timeoutMs is ${timeoutMs}; it takes a number above 0.`);
  return Math.min(timeoutMs, TIMEOUT_MS_MAX);
}

const WHOLE = /^\d{1,9}$/;

/** Remaining ms, at most `timeoutMsMax`; undefined when the text is no whole number. */
export function readRemainingMs(text: string | undefined, timeoutMsMax: number): number | undefined {
  if (text === undefined) return timeoutMsMax;
  return WHOLE.test(text) ? Math.min(Number(text), timeoutMsMax) : undefined;
}
