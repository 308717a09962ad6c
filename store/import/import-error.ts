/** A file that cannot be imported: says what is wrong and where. Nothing was written when it is thrown while checking. */
export class ImportError extends Error {
  override readonly name = 'ImportError';

  constructor(path: string, problem: string, at: { readonly line?: number; readonly cause?: unknown } = {}) {
    const place = at.line === undefined ? path : `${path}, line ${at.line}`;
    super(`${place}: ${problem}`, at.cause === undefined ? undefined : { cause: at.cause });
  }
}
