import { type ClientOf, job, type Tx, t } from 'relearn';
import type { ordersContract } from '../orders/contract.ts';
import { type Change, cancel, type KeptIntent, settle } from './intent.ts';
import { jobNames, saveChange } from './save-change.ts';
import type { SandboxParts } from './service.ts';
import { signWebhook } from './sign-webhook.ts';
import { countAcknowledgement, readEvent, readIntent } from './store.ts';

/** Enough tries for a merchant who is away for hours. */
const WEBHOOK_TRIES_MAX = 200;

export function sandboxJobs(parts: SandboxParts, merchant: ClientOf<typeof ordersContract>) {
  const { store, clock, secret, slowMs } = parts;

  const sendWebhook = job({
    name: jobNames.sendWebhook,
    payload: t.Object({ eventId: t.String() }),
    attemptsMax: WEBHOOK_TRIES_MAX,
    async perform({ eventId }, { signal }) {
      const body = await readEvent(store, eventId);
      const signature = signWebhook(JSON.stringify(body), { secret, nowMs: clock() });
      await merchant.paymentWebhook({ headers: { 'payment-signature': signature }, body }, { signal });
      return (tx: Tx) => countAcknowledgement(tx, eventId);
    },
  });

  /** A step that time takes; where the intent has gone on without it, nothing happens. */
  const timed = (name: string, step: (intent: KeptIntent) => Change | undefined) =>
    job({
      name,
      payload: t.Object({ intentId: t.String() }),
      perform: ({ intentId }) =>
        Promise.resolve(async (tx: Tx) => {
          const intent = await readIntent(tx, intentId);
          const change = intent && step(intent);
          if (change !== undefined) await saveChange(tx, change, { nowMs: clock(), slowMs });
        }),
    });

  return [sendWebhook, timed(jobNames.settleIntent, settle), timed(jobNames.expireIntent, cancel)];
}
