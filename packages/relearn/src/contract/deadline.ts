/** Header that carries what is left of the caller's time, in whole ms: clocks of two machines need not agree. */
export const DEADLINE_HEADER = 'relearn-deadline-ms';

const WHOLE = /^\d{1,9}$/;

/** Remaining ms, at most `timeoutMsMax`; undefined when the text is no whole number. */
export function readRemainingMs(text: string | undefined, timeoutMsMax: number): number | undefined {
  if (text === undefined) return timeoutMsMax;
  return WHOLE.test(text) ? Math.min(Number(text), timeoutMsMax) : undefined;
}
