import { FileInvalid } from './file-invalid.ts';
import { readText } from './read-text.ts';
import type { TableRow } from './table-row.ts';

/** Names of all fields in the whole lines of a file's start, in the order met. @throws FileInvalid */
export function jsonColumns(path: string, start: string): string[] {
  const lines = start.split('\n');
  const whole = lines.length > 1 ? lines.slice(0, -1) : lines;
  return [...new Set(whole.flatMap((text, index) => Object.keys(parseLine(path, text, index + 1) ?? {})))];
}

export async function* jsonRows(
  path: string,
  columns: readonly string[],
  signal?: AbortSignal,
): AsyncGenerator<readonly TableRow[]> {
  let line = 0;
  let rest = '';
  for await (const text of readText(path, signal)) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    yield lines.flatMap((each) => toRow(each));
  }
  yield toRow(rest);

  function toRow(text: string): TableRow[] {
    line++;
    const record = parseLine(path, text, line);
    return record === undefined ? [] : [{ line, cells: columns.map((column) => record[column]) }];
  }
}

function parseLine(path: string, text: string, line: number): Record<string, unknown> | undefined {
  if (text.trim() === '') return undefined;
  const record = parse(text);
  if (typeof record !== 'object' || record === null || Array.isArray(record)) {
    throw new FileInvalid(path, `not a JSON object on one line, as NDJSON has them: ${text.slice(0, 60)}`, { line });
  }
  return record as Record<string, unknown>;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
