import { contract, operation, problem, type Static, t } from 'relearn';

export const intentStatuses = [
  'requires-card',
  'requires-action',
  'processing',
  'authorised',
  'captured',
  'cancelled',
  'refunded',
] as const;

const id = t.String({ minLength: 1, maxLength: 100 });
const status = t.Enum([...intentStatuses]);

/** One payment: what is to be paid and how far it has come. */
export const intent = t.Object({
  id,
  status,
  amountMinor: t.Integer({ minimum: 1, maximum: 1e12, description: 'Minor units: 1999 is 19.99 EUR' }),
  currency: t.String({ pattern: '^[A-Z]{3}$' }),
  reference: t.String({ minLength: 1, maxLength: 128, description: 'What the merchant calls it' }),
  attempts: t.Integer({ description: 'Cards tried' }),
  card: t.Union([t.Object({ brand: t.String(), last4: t.String() }), t.Null()]),
  lastDecline: t.Union([t.String(), t.Null()], { description: 'Why the last card was declined: insufficient-funds …' }),
  nextAction: t.Union([t.Object({ challengeUrl: t.String() }), t.Null()], {
    description: 'Where the shopper has to go: 3-D Secure',
  }),
  createdAtMs: t.Integer(),
});

const webhookTypes = [
  'intent.requires-action',
  'intent.declined',
  'intent.authorised',
  'intent.captured',
  'intent.cancelled',
  'intent.refunded',
] as const;

/** What the merchant is told: the intent as it was then. Sent at least once, in no order that one may rely on. */
export const webhookEvent = t.Object({
  id,
  type: t.Enum([...webhookTypes]),
  createdAtMs: t.Integer(),
  intent,
});

export type Intent = Static<typeof intent>;
export type WebhookEvent = Static<typeof webhookEvent>;

export const intentNotFound = problem({
  code: 'payment-sandbox.intent-not-found',
  status: 404,
  title: 'There is no such payment, or the secret is not its own.',
});
export const intentStateUnexpected = problem({
  code: 'payment-sandbox.intent-state-unexpected',
  status: 409,
  title: 'The payment is not in a state that admits this.',
  data: t.Object({ status }),
});
export const cardInvalid = problem({
  code: 'payment-sandbox.card-invalid',
  status: 422,
  title: 'This cannot be a card; correct the field. Nothing was tried.',
  data: t.Object({ field: t.Enum(['number', 'expiry', 'cvc']) }),
});
export const cardDeclined = problem({
  code: 'payment-sandbox.card-declined',
  status: 402,
  title: 'The card was declined; try another one.',
  data: t.Object({ declineCode: t.String(), intent }),
});

const byId = t.Object({ id });
const clientSecret = t.String({ minLength: 1, maxLength: 200, description: 'Given to the payer alone' });
const ofPayer = t.Object({ clientSecret });

export const paymentSandboxContract = contract({
  name: 'payment-sandbox',
  title: 'Payment sandbox',
  description: 'A payment provider to test against: no money moves. Test cards decide what happens.',
  version: '1.0.0',
  operations: {
    createIntent: operation({
      method: 'POST',
      path: '/intents',
      summary: 'Begin a payment',
      access: 'service',
      idempotency: 'keyed',
      status: 201,
      body: t.Pick(intent, ['amountMinor', 'currency', 'reference']),
      reply: t.Object({ ...intent.properties, clientSecret: t.String() }),
    }),
    getIntent: operation({
      method: 'GET',
      path: '/intents/:id',
      summary: 'One payment',
      access: 'service',
      idempotency: 'safe',
      params: byId,
      reply: intent,
      errors: [intentNotFound],
    }),
    viewIntent: operation({
      method: 'POST',
      path: '/intents/:id/view',
      summary: 'One payment, for its payer',
      access: 'public',
      idempotency: 'safe',
      params: byId,
      body: ofPayer,
      reply: intent,
      errors: [intentNotFound],
    }),
    confirmIntent: operation({
      method: 'POST',
      path: '/intents/:id/confirm',
      summary: 'Pay by card',
      description: 'Authorised at once, later (`processing`), or after the shopper was at `nextAction.challengeUrl`.',
      access: 'public',
      idempotency: 'none',
      params: byId,
      body: t.Object({
        clientSecret,
        card: t.Object({
          number: t.String({ pattern: '^[0-9 ]{12,30}$' }),
          expiryMonth: t.Integer({ minimum: 1, maximum: 12 }),
          expiryYear: t.Integer({ minimum: 2000, maximum: 2100 }),
          cvc: t.String({ pattern: '^[0-9]{3,4}$' }),
        }),
        returnPath: t.Optional(
          t.String({
            pattern: '^/([^/\\\\].*)?$',
            maxLength: 500,
            description: 'Page of the shop to come back to from 3-D Secure; / unless said',
          }),
        ),
      }),
      reply: intent,
      errors: [intentNotFound, intentStateUnexpected, cardInvalid, cardDeclined],
    }),
    answerChallenge: operation({
      method: 'POST',
      path: '/intents/:id/challenge',
      summary: 'What the bank says after 3-D Secure',
      access: 'public',
      idempotency: 'none',
      params: byId,
      body: t.Object({ clientSecret, approved: t.Boolean() }),
      reply: intent,
      errors: [intentNotFound, intentStateUnexpected, cardDeclined],
    }),
    captureIntent: operation({
      method: 'POST',
      path: '/intents/:id/capture',
      summary: 'Take the money that was authorised',
      access: 'service',
      idempotency: 'safe',
      params: byId,
      reply: intent,
      errors: [intentNotFound, intentStateUnexpected],
    }),
    cancelIntent: operation({
      method: 'POST',
      path: '/intents/:id/cancel',
      summary: 'Give up a payment that was not captured',
      access: 'service',
      idempotency: 'safe',
      params: byId,
      reply: intent,
      errors: [intentNotFound, intentStateUnexpected],
    }),
    refundIntent: operation({
      method: 'POST',
      path: '/intents/:id/refund',
      summary: 'Give all of the money back',
      access: 'service',
      idempotency: 'safe',
      params: byId,
      reply: intent,
      errors: [intentNotFound, intentStateUnexpected],
    }),
    getWebhookSecret: operation({
      method: 'GET',
      path: '/webhook-secret',
      summary: 'What webhooks are signed with',
      access: 'service',
      idempotency: 'safe',
      reply: t.Object({ secret: t.String() }),
    }),
    listEvents: operation({
      method: 'GET',
      path: '/events',
      summary: 'What merchants were told, newest first',
      access: 'operator',
      idempotency: 'safe',
      query: t.Object({
        reference: t.Optional(t.String({ maxLength: 128 })),
        limit: t.Optional(t.Integer({ minimum: 1, maximum: 200, default: 50 })),
      }),
      reply: t.Object({
        events: t.Array(
          t.Object({
            ...webhookEvent.properties,
            acknowledgements: t.Integer({ description: 'Deliveries that the merchant took; cards may ask for two' }),
          }),
        ),
      }),
    }),
    listTestCards: operation({
      method: 'GET',
      path: '/test-cards',
      summary: 'Cards and what they do',
      access: 'public',
      idempotency: 'safe',
      reply: t.Object({ cards: t.Array(t.Object({ number: t.String(), does: t.String() })) }),
    }),
  },
});
