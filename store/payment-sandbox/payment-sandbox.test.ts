import { ProblemError, problem, service, startHost } from 'relearn';
import { manualClock, temporaryHome } from 'relearn/testing';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { ordersContract } from '../orders/contract.ts';
import { signatureFault } from '../orders/verify-signature.ts';
import { paymentSandboxContract, type WebhookEvent } from './contract.ts';
import paymentSandbox from './main.ts';
import { testCards } from './test-cards.ts';

const away = problem({ code: 'orders.dependency-unavailable', status: 503, title: 'Away.' });

/** A merchant that takes webhooks, once it has been there long enough to be away for the first `failures` of them. */
function merchant(failures: number) {
  const heard: { event: WebhookEvent; body: Uint8Array; signature: string }[] = [];
  let failuresLeft = failures;
  const refuse = () => {
    throw new ProblemError(away);
  };
  const handlers = Object.fromEntries(Object.keys(ordersContract.operations).map((name) => [name, refuse]));
  const orders = service({
    contract: ordersContract,
    setup: () => ({
      handlers: {
        ...(handlers as any),
        paymentWebhook: (
          { headers, body }: { headers: Record<string, string>; body: unknown },
          { rawBody }: { rawBody: Uint8Array },
        ) => {
          if (failuresLeft-- > 0) return refuse();
          heard.push({ event: body as WebhookEvent, body: rawBody, signature: headers['payment-signature'] ?? '' });
          return { received: true };
        },
      },
    }),
  });
  return { orders, heard };
}

async function sandbox({ failures = 0 } = {}) {
  const home = await temporaryHome();
  const clock = manualClock();
  const { orders, heard } = merchant(failures);
  const host = await startHost({
    services: [paymentSandbox, orders],
    home: home.path,
    listen: false,
    clock,
    env: { LOG_LEVEL: 'silent' },
  });
  onTestFinished(async () => {
    await host.close();
    await home[Symbol.asyncDispose]();
  });
  const client = host.client(paymentSandboxContract);
  const open = () => client.createIntent({ body: { amountMinor: 1999, currency: 'EUR', reference: 'order-1' } });
  const pay = ({ id, clientSecret }: { id: string; clientSecret: string }, changes: object = {}) =>
    client.confirmIntent({
      params: { id },
      body: {
        clientSecret,
        card: { number: '4242 4242 4242 4242', expiryMonth: 1, expiryYear: 2026, cvc: '123', ...changes },
      },
    });
  const heardAll = (count: number) => vi.waitFor(() => expect(heard).toHaveLength(count), 10_000);
  return { client, clock, heard, heardAll, open, pay };
}

describe('a payment', () => {
  it('is opened once for one key, authorised, captured and refunded', async () => {
    const { client, pay } = await sandbox();
    const body = { amountMinor: 1999, currency: 'EUR', reference: 'order-1' };
    const intent = await client.createIntent({ body }, { idempotencyKey: 'order-1' });
    expect(await client.createIntent({ body }, { idempotencyKey: 'order-1' })).toEqual(intent);
    const params = { id: intent.id };
    expect(await pay(intent)).toMatchObject({ status: 'authorised', card: { brand: 'visa', last4: '4242' } });
    expect(await client.captureIntent({ params })).toMatchObject({ status: 'captured' });
    expect(await client.refundIntent({ params })).toMatchObject({ status: 'refunded' });
    expect(await client.refundIntent({ params })).toMatchObject({ status: 'refunded' });
    await expect(client.captureIntent({ params })).rejects.toMatchObject({
      code: 'payment-sandbox.intent-state-unexpected',
      data: { status: 'refunded' },
    });
  });

  it.each([
    ['number', { number: '4242424242424241' }],
    ['expiry', { expiryYear: 2025, expiryMonth: 12 }],
  ])('with a %s that no card has counts as no attempt', async (field, changes) => {
    const { client, open, pay } = await sandbox();
    const intent = await open();
    await expect(pay(intent, changes)).rejects.toMatchObject({ code: 'payment-sandbox.card-invalid', data: { field } });
    expect(await client.getIntent({ params: { id: intent.id } })).toMatchObject({ attempts: 0 });
  });

  it('is nobody’s who does not know its secret', async () => {
    const { client, open, pay } = await sandbox();
    const { id } = await open();
    const other = await open();
    for (const clientSecret of [other.clientSecret, 'x']) {
      await expect(pay({ id, clientSecret })).rejects.toMatchObject({ code: 'payment-sandbox.intent-not-found' });
      await expect(client.viewIntent({ params: { id }, body: { clientSecret } })).rejects.toMatchObject({
        status: 404,
      });
    }
    await expect(client.getIntent({ params: { id: 'ghost' } })).rejects.toMatchObject({ status: 404 });
  });

  it.each(['//evil.example', '/\\evil.example', 'https://evil.example', ''])(
    'never leads back to %j after 3-D Secure',
    async (returnPath) => {
      const { client, open } = await sandbox();
      const { id, clientSecret } = await open();
      const card = { number: '4000002500003155', expiryMonth: 1, expiryYear: 2030, cvc: '123' };
      const confirmed = client.confirmIntent({ params: { id }, body: { clientSecret, card, returnPath } });
      await expect(confirmed).rejects.toMatchObject({ code: 'request-invalid' });
    },
  );

  it('that nobody captures ends by itself', async () => {
    const { client, open, pay, clock, heardAll } = await sandbox();
    const intent = await open();
    await pay(intent);
    clock.advance(7 * 86_400_000);
    await heardAll(2);
    expect(await client.getIntent({ params: { id: intent.id } })).toMatchObject({ status: 'cancelled' });
  });
});

describe('a merchant', () => {
  it('is told of each step, signed over the bytes that are sent', async () => {
    const { client, clock, heard, heardAll, open, pay } = await sandbox();
    const intent = await open();
    await pay(intent);
    await heardAll(1);
    await client.captureIntent({ params: { id: intent.id } });
    await heardAll(2);
    const { secret } = await client.getWebhookSecret({});
    for (const { body, signature } of heard) {
      expect(signatureFault({ body, signature }, { secret, nowMs: clock() })).toBeUndefined();
    }
    expect(heard.map(({ event }) => [event.type, event.intent.status])).toEqual([
      ['intent.authorised', 'authorised'],
      ['intent.captured', 'captured'],
    ]);
    expect(JSON.stringify(heard.map(({ event }) => event))).not.toContain(intent.clientSecret);
  });

  it('that was away is told until it takes it', async () => {
    const { client, clock, open, pay } = await sandbox({ failures: 3 });
    const intent = await open();
    await pay(intent);
    await vi.waitFor(async () => {
      clock.advance(30_000);
      const { events } = await client.listEvents({ query: { reference: 'order-1' } });
      expect(events).toMatchObject([{ type: 'intent.authorised', acknowledgements: 1 }]);
    }, 10_000);
    expect((await client.listEvents({ query: { reference: 'other' } })).events).toEqual([]);
  });

  it('is told twice, or late, by the cards that say so', async () => {
    const { heard, heardAll, open, pay, clock } = await sandbox();
    await pay(await open(), { number: '4000000000005027' });
    await heardAll(2);
    expect(heard[0]?.event).toEqual(heard[1]?.event);
    await pay(await open(), { number: '4000000000005035' });
    await heardAll(3);
    clock.advance(60_000);
    await heardAll(4);
    expect(heard.slice(2).map(({ event }) => event.type)).toEqual(['intent.authorised', 'intent.declined']);
  });
});

it('lists its test cards', async () => {
  const { client } = await sandbox();
  const { cards } = await client.listTestCards({});
  expect(cards.map(({ number }) => number)).toEqual(testCards.map(({ number }) => number));
});
