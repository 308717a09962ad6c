import type { Store, Tx } from 'relearn';
import type { WebhookEvent } from './contract.ts';
import type { KeptIntent } from './intent.ts';

export async function readIntent(from: Store | Tx, id: string): Promise<KeptIntent | undefined> {
  const row = await from.prepare<{ state: string }>('SELECT state FROM intent WHERE id = ?').get(id);
  return row && JSON.parse(row.state);
}

export async function writeIntent(tx: Tx, intent: KeptIntent): Promise<void> {
  await tx
    .prepare('INSERT OR REPLACE INTO intent (id, reference, state) VALUES (?, ?, ?)')
    .run(intent.id, intent.reference, JSON.stringify(intent));
}

export async function insertEvent(tx: Tx, event: WebhookEvent): Promise<void> {
  await tx
    .prepare('INSERT INTO event (id, reference, body) VALUES (?, ?, ?)')
    .run(event.id, event.intent.reference, JSON.stringify(event));
}

export async function readEvent(store: Store, id: string): Promise<WebhookEvent | undefined> {
  const row = await store.prepare<{ body: string }>('SELECT body FROM event WHERE id = ?').get(id);
  return row && JSON.parse(row.body);
}

export async function countAcknowledgement(tx: Tx, id: string): Promise<void> {
  await tx.prepare('UPDATE event SET acknowledgements = acknowledgements + 1 WHERE id = ?').run(id);
}

/** Newest first. */
export async function listEvents(
  store: Store,
  { reference, limit }: { reference: string | undefined; limit: number },
): Promise<(WebhookEvent & { acknowledgements: number })[]> {
  const rows = await store
    .prepare<{ body: string; acknowledgements: number }>(
      'SELECT body, acknowledgements FROM event WHERE ? IS NULL OR reference = ? ORDER BY seq DESC LIMIT ?',
    )
    .all(reference ?? null, reference ?? null, limit);
  return rows.map(({ body, acknowledgements }) => ({ ...JSON.parse(body), acknowledgements }));
}

/** The secret that webhooks are signed with; the one kept, or `fresh`, which is kept then. */
export async function keepSecret(store: Store, fresh: string): Promise<string> {
  return store.transact(async (tx) => {
    const kept = await tx.prepare<{ secret: string }>('SELECT secret FROM webhook_secret').get();
    if (kept !== undefined) return kept.secret;
    await tx.prepare('INSERT INTO webhook_secret (secret) VALUES (?)').run(fresh);
    return fresh;
  });
}
