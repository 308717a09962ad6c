/** One record and the line on which it ends, counted from 1. */
export interface TableRow {
  readonly line: number;
  /** In the order of the table's columns: strings from CSV, any JSON value from NDJSON, undefined where a record has none. */
  readonly cells: readonly unknown[];
}
