import { randomUUID } from 'node:crypto';
import type { Tx } from 'relearn';
import { type Change, type KeptIntent, shown, type Tale } from './intent.ts';
import { insertEvent, writeIntent } from './store.ts';

/** Jobs by name: `jobs.ts` says what each does. */
export const jobNames = { sendWebhook: 'send-webhook', settleIntent: 'settle-intent', expireIntent: 'expire-intent' };

/** An authorisation that nobody captures ends by itself, as at card networks. */
const INTENT_KEPT_MS = 7 * 86_400_000;
/** By then, whatever happened first has long been told. */
const LATE_MS = 2_000;

/** Keeps what a step made of an intent, and sees to it that its merchant is told. */
export async function saveChange(
  tx: Tx,
  { intent, tells }: Change,
  { nowMs, slowMs }: { nowMs: number; slowMs: number },
): Promise<void> {
  await writeIntent(tx, intent);
  for (const tale of tells) await tell(tx, tale, nowMs);
  if (intent.status === 'processing') {
    const options = { key: intent.id, atMs: nowMs + slowMs };
    await tx.schedule({ name: jobNames.settleIntent }, { intentId: intent.id }, options);
  }
}

export async function scheduleExpiry(tx: Tx, { id, createdAtMs }: KeptIntent): Promise<void> {
  const options = { key: id, atMs: createdAtMs + INTENT_KEPT_MS };
  await tx.schedule({ name: jobNames.expireIntent }, { intentId: id }, options);
}

/** Each delivery has a key of its own: webhooks overtake each other, as real ones do. */
async function tell(tx: Tx, { type, intent, late }: Tale, nowMs: number): Promise<void> {
  const id = `event_${randomUUID()}`;
  await insertEvent(tx, { id, type, createdAtMs: nowMs, intent: shown(intent) });
  const deliveries = intent.behaviour?.webhooks === 'twice' ? 2 : 1;
  for (let delivery = 1; delivery <= deliveries; delivery++) {
    const options = { key: `${id}/${delivery}`, ...(late && { atMs: nowMs + LATE_MS }) };
    await tx.schedule({ name: jobNames.sendWebhook }, { eventId: id }, options);
  }
}
