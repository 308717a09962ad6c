import { type ClientOf, ProblemError } from 'relearn';
import {
  type Intent,
  intentStateUnexpected,
  type paymentSandboxContract,
  type WebhookEvent,
} from '../payment-sandbox/contract.ts';
import { signatureInvalid } from './contract.ts';
import type { Message } from './order.ts';
import type { PaymentProvider, PaymentState, ProviderNews } from './payment-provider.ts';
import { signatureFault } from './verify-signature.ts';

const states: Readonly<Record<Intent['status'], PaymentState>> = {
  'requires-card': 'open',
  'requires-action': 'open',
  processing: 'open',
  authorised: 'authorised',
  captured: 'captured',
  cancelled: 'cancelled',
  refunded: 'refunded',
};

/** A secret asked for later than this is asked for again when a signature does not fit it. */
const SECRET_FRESH_MS = 60_000;

/** The payment sandbox behind the port. Its webhook secret is asked for when it is first needed. */
export function sandboxProvider(client: ClientOf<typeof paymentSandboxContract>, clock: () => number): PaymentProvider {
  let known: { readonly secret: string; readonly atMs: number } | undefined;

  async function faultOf(body: Uint8Array, signature: string): Promise<string | undefined> {
    if (known === undefined) known = { ...(await client.getWebhookSecret({})), atMs: clock() };
    const fault = signatureFault({ body, signature }, { secret: known.secret, nowMs: clock() });
    if (fault === undefined || clock() - known.atMs <= SECRET_FRESH_MS) return fault;
    known = undefined;
    return faultOf(body, signature);
  }

  return {
    async open({ orderId, amountMinor, currency }) {
      const body = { amountMinor, currency, reference: orderId };
      const { id, clientSecret } = await client.createIntent({ body }, { idempotencyKey: `order-${orderId}` });
      return { id, clientSecret };
    },
    state: (id) => stateAfter(client.getIntent({ params: { id } })),
    capture: (id) => stateAfter(client.captureIntent({ params: { id } })),
    cancel: (id) => stateAfter(client.cancelIntent({ params: { id } })),
    refund: (id) => stateAfter(client.refundIntent({ params: { id } })),
    async readWebhook(body, signature) {
      const fault = await faultOf(body, signature);
      if (fault !== undefined) throw new ProblemError(signatureInvalid, { detail: fault });
      return newsOf(JSON.parse(Buffer.from(body).toString()) as WebhookEvent);
    },
  };
}

/** The state that a step led to, or that stood in its way. */
async function stateAfter(step: Promise<Intent>): Promise<PaymentState> {
  try {
    return states[(await step).status];
  } catch (error) {
    if (!(error instanceof ProblemError) || error.code !== intentStateUnexpected.code) throw error;
    const { status } = error.data as { status: Intent['status'] };
    return states[status];
  }
}

function newsOf({ type, intent: { id, reference, attempts } }: WebhookEvent): ProviderNews {
  const messages: Record<WebhookEvent['type'], Message | undefined> = {
    'intent.requires-action': undefined,
    'intent.declined': { kind: 'payment-declined', attempt: attempts },
    'intent.authorised': { kind: 'payment-authorised' },
    'intent.captured': { kind: 'payment-captured' },
    'intent.cancelled': { kind: 'payment-cancelled' },
    'intent.refunded': { kind: 'payment-refunded' },
  };
  return { orderId: reference, intentId: id, message: messages[type] };
}
