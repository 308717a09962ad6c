import { randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { type HandlersOf, ProblemError, type Store, type Tx } from 'relearn';
import {
  cardDeclined,
  cardInvalid,
  type Intent,
  intentNotFound,
  intentStateUnexpected,
  type paymentSandboxContract,
} from './contract.ts';
import { answerChallenge, type Change, cancel, capture, confirm, type KeptIntent, refund, shown } from './intent.ts';
import { saveChange, scheduleExpiry } from './save-change.ts';
import { listEvents, readIntent, writeIntent } from './store.ts';
import { isCardNumber, testCards } from './test-cards.ts';

export interface SandboxParts {
  readonly store: Store;
  readonly clock: () => number;
  readonly secret: string;
  readonly slowMs: number;
}

/** The sandbox's handlers, in the contract's order. */
export function sandboxHandlers(parts: SandboxParts): HandlersOf<typeof paymentSandboxContract> {
  const { store, clock, secret } = parts;
  const byMerchant =
    (step: (intent: KeptIntent) => Change | undefined) =>
    ({ params }: { params: { id: string } }) =>
      change(parts, params.id, step);
  return {
    createIntent: ({ body }, call) =>
      call.once(async (tx) => {
        const intent = newIntent(body, clock());
        await writeIntent(tx, intent);
        await scheduleExpiry(tx, intent);
        return { ...shown(intent), clientSecret: intent.clientSecret };
      }),

    getIntent: async ({ params: { id } }) => shown(found(await readIntent(store, id))),

    viewIntent: async ({ params: { id }, body: { clientSecret } }) =>
      shown(ofPayer(await readIntent(store, id), clientSecret)),

    confirmIntent: async ({ params: { id }, body: { clientSecret, card, returnPath } }) => {
      const number = card.number.replaceAll(' ', '');
      ofPayer(await readIntent(store, id), clientSecret);
      checkCard({ ...card, number }, clock());
      const challengeUrl = challengeUrlOf({ id, clientSecret, returnPath });
      return accepted(await change(parts, id, (intent) => confirm(intent, { number, challengeUrl })));
    },

    answerChallenge: async ({ params: { id }, body: { clientSecret, approved } }) => {
      ofPayer(await readIntent(store, id), clientSecret);
      return accepted(await change(parts, id, (intent) => answerChallenge(intent, approved)));
    },

    captureIntent: byMerchant(capture),
    cancelIntent: byMerchant(cancel),
    refundIntent: byMerchant(refund),

    getWebhookSecret: () => ({ secret }),

    listEvents: async ({ query: { reference, limit = 50 } }) => ({
      events: await listEvents(store, { reference, limit }),
    }),

    listTestCards: () => ({ cards: testCards.map(({ number, does }) => ({ number, does })) }),
  };
}

/** Takes one step of an intent. @throws ProblemError when there is none, or its state does not admit the step. */
function change(
  { store, clock, slowMs }: SandboxParts,
  id: string,
  step: (intent: KeptIntent) => Change | undefined,
): Promise<Intent> {
  return store.transact(async (tx: Tx) => {
    const intent = found(await readIntent(tx, id));
    const changed = step(intent);
    if (changed === undefined) throw new ProblemError(intentStateUnexpected, { data: { status: intent.status } });
    await saveChange(tx, changed, { nowMs: clock(), slowMs });
    return shown(changed.intent);
  });
}

/** A declined card is kept as an attempt, and told as a problem. */
function accepted(intent: Intent): Intent {
  if (intent.lastDecline === null) return intent;
  throw new ProblemError(cardDeclined, {
    detail: `The card was declined: ${intent.lastDecline}.`,
    data: { declineCode: intent.lastDecline, intent },
  });
}

function newIntent(body: Pick<Intent, 'amountMinor' | 'currency' | 'reference'>, createdAtMs: number): KeptIntent {
  return {
    id: `intent_${randomUUID()}`,
    ...body,
    status: 'requires-card',
    attempts: 0,
    card: null,
    lastDecline: null,
    nextAction: null,
    createdAtMs,
    clientSecret: `secret_${randomBytes(24).toString('base64url')}`,
    behaviour: null,
  };
}

function found(intent: KeptIntent | undefined): KeptIntent {
  if (intent === undefined) throw new ProblemError(intentNotFound);
  return intent;
}

/** The intent, where the secret is its own; who guesses learns nothing. */
function ofPayer(intent: KeptIntent | undefined, clientSecret: string): KeptIntent {
  const [given, right] = [Buffer.from(clientSecret), Buffer.from(intent?.clientSecret ?? '')];
  if (intent === undefined || given.length !== right.length || !timingSafeEqual(given, right)) {
    throw new ProblemError(intentNotFound);
  }
  return intent;
}

function checkCard(card: { number: string; expiryMonth: number; expiryYear: number }, nowMs: number): void {
  const isPast = Date.UTC(card.expiryYear, card.expiryMonth) <= nowMs;
  const field = isCardNumber(card.number) ? (isPast ? 'expiry' : undefined) : 'number';
  if (field !== undefined) throw new ProblemError(cardInvalid, { data: { field } });
}

/** The bank's page. What is secret stands behind the #, which no server gets to see. */
function challengeUrlOf(given: { id: string; clientSecret: string; returnPath: string | undefined }): string {
  const { id, clientSecret, returnPath = '/' } = given;
  const query = new URLSearchParams({ intent: id, return: returnPath });
  return `/payment-sandbox/?${query.toString()}#${clientSecret}`;
}
