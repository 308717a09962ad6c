import { insertMany, type Tx } from 'relearn';
import type { CheckedInteraction } from './check-interaction.ts';

const columns = ['decision', 'slot', 'item', 'person', 'at_ms'];

/** Keeps what was in view, each slot of a decision once. @returns how many were new. */
export async function keepImpressions(tx: Tx, seen: readonly CheckedInteraction[]): Promise<number> {
  const count = async () =>
    (await tx.prepare<{ changes: number }>('SELECT total_changes() AS changes').get())?.changes ?? 0;
  const before = await count();
  const rows = seen.map(({ decisionId, slot, itemId, person, atMs }) => [decisionId!, slot!, itemId, person, atMs]);
  await insertMany(tx, 'impressions', columns, rows, 'ignore');
  return (await count()) - before;
}

export async function forgetImpressions(tx: Tx, person: string): Promise<void> {
  await tx.prepare('DELETE FROM impressions WHERE person = ?').run(person);
}
