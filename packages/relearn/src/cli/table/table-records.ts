import { openTable } from './open-table.ts';

/** A row by its columns' names: texts from CSV, any JSON value from NDJSON. */
export type TableRecord = Readonly<Record<string, unknown>>;

/** The records of a file that {@link openTable} reads, one by one. @throws FileInvalid */
export async function* tableRecords(path: string, signal?: AbortSignal): AsyncGenerator<TableRecord> {
  const { columns, rows } = await openTable(path, signal);
  for await (const batch of rows()) {
    for (const { cells } of batch) yield Object.fromEntries(columns.map((column, index) => [column, cells[index]]));
  }
}
