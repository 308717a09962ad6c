import type { Tx } from 'relearn';
import type { Effect, RemoteStep, Timer } from './order.ts';
import type { OrderRecord } from './order-record.ts';

/** Steps that are no longer wanted once their way back is asked for. One that is being performed goes on unheard, and the way back copes with it. */
export const supersedes: Partial<Record<RemoteStep, readonly RemoteStep[]>> = {
  'release-stock': ['reserve-stock', 'commit-stock'],
  'cancel-payment': ['capture-payment'],
};

/** Writes what an order asks for as jobs, in the transaction that moved it. */
export async function scheduleEffects(
  tx: Tx,
  { id, placed, changedAtMs }: OrderRecord,
  { effects, completedAfterMs }: { effects: readonly Effect[]; completedAfterMs: number },
): Promise<void> {
  const dueAtMs: Record<Timer, number> = {
    'payment-due': placed.paymentDueAtMs,
    completion: changedAtMs + completedAfterMs,
  };
  for (const effect of effects) {
    if (effect.kind === 'clear-timer') await tx.unschedule({ name: effect.timer }, keyOf(id, effect.timer));
    else if (effect.kind === 'set-timer') {
      const { timer } = effect;
      await tx.schedule({ name: timer }, { orderId: id }, { key: keyOf(id, timer), atMs: dueAtMs[timer] });
    } else {
      for (const step of supersedes[effect.kind] ?? []) await tx.unschedule({ name: step }, keyOf(id, step));
      await tx.schedule({ name: effect.kind }, { orderId: id }, { key: keyOf(id, effect.kind) });
    }
  }
}

/** Each step of an order waits for itself alone: one that is tried again and again holds up no other. */
function keyOf(orderId: string, step: RemoteStep | Timer): string {
  return `${orderId}/${step}`;
}
