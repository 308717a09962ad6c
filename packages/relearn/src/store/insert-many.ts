import type { SqlValue, Tx } from './store.ts';

/** Values in one statement; SQLite's own limit is 32,766. */
const PARAMETERS_MAX = 8_000;

const verbs = { fail: 'INSERT', ignore: 'INSERT', replace: 'INSERT OR REPLACE' };

/**
 * Inserts rows with few statements; several times as fast as one statement a row. `conflict` says what to do with a row whose key is
 * there already; every other constraint holds whatever it says. Returns how many were written.
 *
 * @param rows each as long as `columns`.
 * @throws RangeError, before anything is written, when a row has another length.
 */
export async function insertMany(
  tx: Tx,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly SqlValue[])[],
  conflict: 'fail' | 'ignore' | 'replace' = 'fail',
): Promise<number> {
  checkLengths(table, columns, rows);
  const head = `${verbs[conflict]} INTO ${table} (${columns.join(', ')}) VALUES `;
  const tail = conflict === 'ignore' ? ' ON CONFLICT DO NOTHING' : '';
  const tuple = `(${columns.map(() => '?').join(', ')})`;
  const rowsPerStatement = 2 ** Math.floor(Math.log2(PARAMETERS_MAX / columns.length));
  let written = 0;
  for (let from = 0, size = rowsPerStatement; from < rows.length; from += size) {
    while (size > rows.length - from) size /= 2;
    const chunk = rows.slice(from, from + size);
    const { changes } = await tx.prepare(head + Array(size).fill(tuple).join(', ') + tail).run(...chunk.flat());
    written += changes;
  }
  return written;
}

function checkLengths(table: string, columns: readonly string[], rows: readonly (readonly SqlValue[])[]): void {
  const ragged = rows.findIndex((row) => row.length !== columns.length);
  if (ragged < 0) return;
  throw new RangeError(
    `Row ${ragged} for ${table} has ${rows[ragged]?.length} values, but there are ${columns.length} columns.`,
  );
}
