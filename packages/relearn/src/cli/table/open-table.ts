import { csvRows, readHeader } from './csv-rows.ts';
import { FileInvalid } from './file-invalid.ts';
import { jsonColumns, jsonRows } from './json-rows.ts';
import { readText } from './read-text.ts';
import type { TableRow } from './table-row.ts';

/** A file of records with named columns. */
export interface Table {
  readonly path: string;
  readonly columns: readonly string[];
  /** All rows from the start, in batches as they are read; may be called again. @throws FileInvalid at the first broken one. */
  rows(): AsyncGenerator<readonly TableRow[]>;
}

/** Opens CSV (comma, semicolon, tab or bar, told by the header) or NDJSON, plain or gzip. @throws FileInvalid */
export async function openTable(path: string, signal?: AbortSignal): Promise<Table> {
  const start = await firstChunk(path);
  const first = start.trimStart()[0];
  if (first === undefined) throw new FileInvalid(path, 'the file is empty');
  if (first === '[') throw new FileInvalid(path, 'this is a JSON array; write one object a line (NDJSON), or CSV');
  if (first === '{') {
    const columns = jsonColumns(path, start);
    return { path, columns, rows: () => jsonRows(path, columns, signal) };
  }
  const shape = readHeader(path, start);
  return { path, columns: shape.columns, rows: () => csvRows(path, shape, signal) };
}

async function firstChunk(path: string): Promise<string> {
  for await (const chunk of readText(path)) return chunk;
  return '';
}
