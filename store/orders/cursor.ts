import { ProblemError } from 'relearn';
import { cursorInvalid } from './contract.ts';

/** The order after which a list goes on. */
export interface Position {
  readonly placedAtMs: number;
  readonly id: string;
}

export function encodeCursor({ placedAtMs, id }: Position): string {
  return Buffer.from(JSON.stringify([placedAtMs, id])).toString('base64url');
}

/** @throws ProblemError `orders.cursor-invalid` when it is damaged. */
export function decodeCursor(cursor: string): Position {
  const parsed = parse(cursor);
  if (Array.isArray(parsed) && parsed.length === 2) {
    const [placedAtMs, id] = parsed as unknown[];
    if (typeof placedAtMs === 'number' && typeof id === 'string') return { placedAtMs, id };
  }
  throw new ProblemError(cursorInvalid);
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}
