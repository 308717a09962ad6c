import { useEffect, useState } from 'preact/hooks';

export interface Answer<T> {
  /** What was answered last; kept while a new answer is on its way, so that nothing jumps. */
  readonly value: T | undefined;
  readonly error: string | undefined;
  readonly pending: boolean;
}

/** Asks whenever `key` changes; an answer that comes too late is dropped. */
export function useAnswer<T>(key: string, ask: (signal: AbortSignal) => Promise<T>): Answer<T> {
  const [answer, setAnswer] = useState<Answer<T>>({ value: undefined, error: undefined, pending: true });
  useEffect(() => {
    const asking = new AbortController();
    setAnswer((before) => ({ ...before, pending: true }));
    ask(asking.signal).then(
      (value) => !asking.signal.aborted && setAnswer({ value, error: undefined, pending: false }),
      (error: Error) =>
        !asking.signal.aborted && setAnswer((before) => ({ ...before, error: error.message, pending: false })),
    );
    return () => asking.abort();
  }, [key]);
  return answer;
}
