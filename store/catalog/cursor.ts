import { ProblemError } from 'relearn';
import { cursorInvalid } from './contract.ts';

/** Where a list goes on: after the product with this sequence number, in this category. */
export interface Position {
  readonly afterSeq: number;
  readonly category: string | undefined;
}

export function encodeCursor({ afterSeq, category }: Position): string {
  return Buffer.from(JSON.stringify([afterSeq, category ?? null])).toString('base64url');
}

/** @throws ProblemError `catalog.cursor-invalid` when it is damaged or belongs to a list of another category. */
export function decodeCursor(cursor: string | undefined, category: string | undefined): Position {
  if (cursor === undefined) return { afterSeq: 0, category };
  const parsed = parse(cursor);
  if (!Array.isArray(parsed) || parsed.length !== 2) throw new ProblemError(cursorInvalid);
  const [afterSeq, from] = parsed as unknown[];
  if (typeof afterSeq !== 'number' || !Number.isSafeInteger(afterSeq) || afterSeq < 0) {
    throw new ProblemError(cursorInvalid);
  }
  if (from !== (category ?? null)) {
    throw new ProblemError(cursorInvalid, { detail: 'This cursor belongs to a list of another category.' });
  }
  return { afterSeq, category };
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}
