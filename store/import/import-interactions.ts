import { stat } from 'node:fs/promises';
import { FileInvalid, openTable, type Table } from 'relearn';
import type { Interaction } from '../../services/recommender/contract.ts';
import { type InteractionReader, interactionReader, withContentId } from './interaction-reader.ts';
import type { ImportSummary } from './summary.ts';
import { BATCH_ROWS, type ImportOptions, type RecommenderClient, writeInteractions } from './write-batches.ts';

/**
 * Reads the file twice: once to check every row, then to write, so that a wrong file changes nothing and a large one is never
 * held in memory. May be repeated, or go on after a crash. @throws FileInvalid
 */
export async function importInteractions(
  path: string,
  flags: Readonly<Record<string, unknown>>,
  { recommender, clock }: { readonly recommender: RecommenderClient; readonly clock: () => number },
  { progress, signal }: ImportOptions = {},
): Promise<ImportSummary> {
  const table = await openTable(path, signal);
  const { mtimeMs, size } = await stat(path);
  const { read, readChecked, notes } = interactionReader(table, flags, clock());
  const rows = await countReadable(table, readChecked);
  progress?.(0, `${rows.toLocaleString('en')} rows checked`);
  const after = await stat(path);
  if (after.mtimeMs !== mtimeMs || after.size !== size)
    throw new FileInvalid(path, 'the file changed while it was read');
  const taken = { interactions: 0, 'known before, or the same row twice': 0 };
  let written = 0;
  for await (const batch of fullBatches(table, read)) {
    signal?.throwIfAborted();
    const { accepted, duplicates } = await writeInteractions(recommender, batch);
    taken.interactions += accepted;
    taken['known before, or the same row twice'] += duplicates;
    written += batch.length;
    progress?.(written / rows, `${written.toLocaleString('en')} interactions`);
  }
  return { path, rows, taken, leftOut: {}, notes };
}

async function countReadable(table: Table, read: InteractionReader['read']): Promise<number> {
  let rows = 0;
  for await (const batch of table.rows()) {
    for (const row of batch) read(row);
    rows += batch.length;
  }
  if (rows === 0) throw new FileInvalid(table.path, 'the file has a header and no rows');
  return rows;
}

async function* fullBatches(table: Table, read: InteractionReader['read']): AsyncGenerator<Interaction[]> {
  let full: Interaction[] = [];
  for await (const batch of table.rows()) {
    for (const row of batch) {
      full.push(withContentId(read(row)));
      if (full.length < BATCH_ROWS) continue;
      yield full;
      full = [];
    }
  }
  if (full.length > 0) yield full;
}
