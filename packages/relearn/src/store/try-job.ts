import type { JobSettlement } from './job.ts';

/** How long a try may go on after its signal has aborted, ms. */
const HEED_MS_MAX = 1_000;

export interface TryLimits {
  readonly timeoutMs: number;
  /** Aborts when the service stops. */
  readonly stopping: AbortSignal;
}

/** As `perform`, or the reason of its signal when it does not end soon after that aborts. */
export function tryJob(
  perform: (signal: AbortSignal) => Promise<JobSettlement | undefined>,
  { timeoutMs, stopping }: TryLimits,
): Promise<JobSettlement | undefined> {
  const limit = new AbortController();
  const { promise: unheeded, reject } = Promise.withResolvers<never>();
  let heed: NodeJS.Timeout | undefined;
  const abort = (reason: unknown) => {
    limit.abort(reason);
    heed ??= setTimeout(() => reject(reason), HEED_MS_MAX);
  };
  const timer = setTimeout(() => abort(new Error(`The try took longer than ${timeoutMs} ms.`)), timeoutMs);
  const stop = () => abort(stopping.reason);
  stopping.addEventListener('abort', stop);
  if (stopping.aborted) stop();
  return Promise.race([perform(limit.signal), unheeded]).finally(() => {
    clearTimeout(timer);
    clearTimeout(heed);
    stopping.removeEventListener('abort', stop);
  });
}
