/** The store could not take a write: the disk is full, the file cannot be written, or another process holds the database. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';

  constructor(reason: string, cause?: unknown) {
    super(reason, cause === undefined ? undefined : { cause });
  }
}

const reasons: Readonly<Record<string, string>> = {
  SQLITE_FULL: 'the disk is full',
  SQLITE_BUSY: 'the database is locked by another process',
  SQLITE_LOCKED: 'the database is locked',
  SQLITE_READONLY: 'the database cannot be written',
  SQLITE_IOERR: 'the disk reports an error',
  SQLITE_CANTOPEN: 'the database file cannot be opened',
  SQLITE_CORRUPT: 'the database file is damaged',
  SQLITE_NOTADB: 'the file is not a database',
};

/** The same error as a {@link StoreUnavailable}, which names `path`, when the storage is at fault; undefined when the statement is. */
export function storageFault(error: unknown, path?: string): StoreUnavailable | undefined {
  if (error instanceof StoreUnavailable) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reason = Object.entries(reasons).find(([prefix]) => code === prefix || code.startsWith(`${prefix}_`))?.[1];
  if (reason === undefined) return undefined;
  return new StoreUnavailable(`${path === undefined ? '' : `${path}: `}${reason} (${code})`, error);
}

/** True when waiting a little may help. */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');
}

/** True when what a work wrote breaks a constraint of its tables. */
export function isConstraint(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_CONSTRAINT');
}
