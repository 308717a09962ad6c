/** Text of a cell, trimmed; undefined when it is empty, absent or null. */
export function parseText(cell: unknown): string | undefined {
  if (cell === undefined || cell === null) return undefined;
  const text = (typeof cell === 'string' ? cell : JSON.stringify(cell)).trim();
  return text === '' ? undefined : text;
}

/** A finite number; NaN when the cell is no number, undefined when it is empty. */
export function parseNumber(cell: unknown): number | undefined {
  const text = parseText(cell);
  if (text === undefined) return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : Number.NaN;
}

const DIGITS = /^\d+(\.\d+)?$/;
const ISO = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?(Z|[+-]\d{2}:?\d{2})?$/i;
const US = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}):(\d{2})$/;

/**
 * Ms since the epoch from seconds, milliseconds or microseconds (told by size), an ISO date or time, or `12/31/2010 8:26` as
 * spreadsheets write it; UTC where no zone is given. NaN when it is none of these, undefined when the cell is empty.
 */
export function parseTimeMs(cell: unknown): number | undefined {
  const text = parseText(cell);
  if (text === undefined) return undefined;
  if (DIGITS.test(text)) return fromNumber(Number(text));
  if (ISO.test(text)) return Date.parse(inUtc(text.replace(' ', 'T')));
  const parts = US.exec(text);
  if (!parts) return Number.NaN;
  const [month, day, year, hour, minute] = parts.slice(1).map(Number) as [number, number, number, number, number];
  return Date.UTC(year, month - 1, day, hour, minute);
}

function fromNumber(number: number): number {
  if (number < 1e11) return Math.round(number * 1000);
  return Math.round(number < 1e14 ? number : number / 1000);
}

function inUtc(iso: string): string {
  const hasZone = /(Z|[+-]\d{2}:?\d{2})$/i.test(iso.slice(10));
  return hasZone || iso.length === 10 ? iso : `${iso}Z`;
}
