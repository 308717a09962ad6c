/** A file that cannot be read as it should be: says what is wrong and where. */
export class FileInvalid extends Error {
  override readonly name = 'FileInvalid';

  constructor(path: string, problem: string, at: { readonly line?: number; readonly cause?: unknown } = {}) {
    const place = at.line === undefined ? path : `${path}, line ${at.line}`;
    super(`${place}: ${problem}`, at.cause === undefined ? undefined : { cause: at.cause });
  }
}
