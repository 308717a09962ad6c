import { type ClientOf, job, ProblemError, type Store, type Tx, t } from 'relearn';
import { type catalogContract, reservationEnded, reservationNotFound, stockInsufficient } from '../catalog/contract.ts';
import { type AdvanceContext, advanceOrder } from './advance-order.ts';
import type { Message, RemoteStep, Timer } from './order.ts';
import type { OrderRecord } from './order-record.ts';
import type { PaymentProvider } from './payment-provider.ts';
import { readOrder } from './store.ts';

/** Tries of a step forward before the order turns back. */
const FORWARD_TRIES_MAX = 10;
/** A step back is tried for hours, then parked where operators see it. */
const BACKWARD_TRIES_MAX = 500;

/** Reservations outlive the time to pay, so that who pays in the last moment still gets the goods. */
const RESERVATION_MARGIN_MS = 15 * 60_000;

export interface JobParts {
  readonly store: Store;
  readonly catalog: ClientOf<typeof catalogContract>;
  readonly payment: PaymentProvider;
  readonly advance: AdvanceContext;
}

/** What orders ask for outside: each is performed at least once, and what came of it moves the order in the transaction that ends the job. */
export function orderJobs({ store, catalog, payment, advance }: JobParts) {
  async function tell(tx: Tx, orderId: string, message: Message): Promise<void> {
    const record = await readOrder(tx, orderId);
    if (record !== undefined) await advanceOrder(tx, record, message, advance);
  }

  const step = (name: RemoteStep | Timer, perform: (record: OrderRecord) => Promise<Message>, givenUp?: Message) =>
    job({
      name,
      payload: t.Object({ orderId: t.String() }),
      attemptsMax: givenUp === undefined ? BACKWARD_TRIES_MAX : FORWARD_TRIES_MAX,
      async perform({ orderId }) {
        const record = await readOrder(store, orderId);
        if (record === undefined) return undefined;
        const message = await perform(record);
        return (tx: Tx) => tell(tx, orderId, message);
      },
      ...(givenUp !== undefined && {
        giveUp: ({ orderId }: { orderId: string }, { tx }: { tx: Tx }) => tell(tx, orderId, givenUp),
      }),
    });

  const reservationOf = ({ id }: OrderRecord) => ({ params: { id } });
  const intentOf = ({ id, order }: OrderRecord) => {
    if (order.intent === undefined) throw new Error(`Order ${id} has no payment to work on.`);
    return order.intent.id;
  };

  return [
    step(
      'reserve-stock',
      async (record) => {
        const { lines, paymentDueAtMs } = record.placed;
        const keptMs = Math.max(1, paymentDueAtMs - advance.clock()) + RESERVATION_MARGIN_MS;
        const body = { lines: lines.map(({ productId, quantity }) => ({ productId, quantity })), keptMs };
        return catalog.reserveStock({ ...reservationOf(record), body }).then(
          (): Message => ({ kind: 'stock-reserved' }),
          onProblem([stockInsufficient, reservationEnded], {
            kind: 'stock-refused',
            reason: 'stock-insufficient',
          }),
        );
      },
      { kind: 'stock-refused', reason: 'stock-unavailable' },
    ),
    step(
      'commit-stock',
      (record) =>
        catalog
          .commitReservation(reservationOf(record))
          .then(
            (): Message => ({ kind: 'stock-committed' }),
            onProblem([reservationEnded, reservationNotFound], { kind: 'stock-lost' }),
          ),
      { kind: 'stock-lost' },
    ),
    step('release-stock', async (record) => {
      await catalog.releaseReservation(reservationOf(record));
      return { kind: 'stock-released' };
    }),
    step(
      'open-payment',
      async ({ id, placed: { totals } }) => {
        const { currency, totalMinor } = totals;
        const intent = await payment.open({ orderId: id, amountMinor: totalMinor, currency });
        return { kind: 'payment-opened', intent };
      },
      { kind: 'payment-unavailable' },
    ),
    step(
      'capture-payment',
      async (record) => {
        const state = await payment.capture(intentOf(record));
        return { kind: state === 'captured' ? 'payment-captured' : 'capture-refused' };
      },
      { kind: 'capture-refused' },
    ),
    step('cancel-payment', async (record) => {
      const state = await payment.cancel(intentOf(record));
      return { kind: state === 'captured' ? 'payment-captured' : 'payment-cancelled' };
    }),
    step('refund-payment', async (record) => {
      await payment.refund(intentOf(record));
      return { kind: 'payment-refunded' };
    }),
    // A webhook may have been lost for good: the provider is asked once more before the order is given up.
    step(
      'payment-due',
      async ({ order: { intent } }) => {
        const state = intent === undefined ? 'open' : await payment.state(intent.id);
        return { kind: state === 'authorised' ? 'payment-authorised' : 'payment-due' };
      },
      { kind: 'payment-due' },
    ),
    step('completion', () => Promise.resolve({ kind: 'complete' })),
  ];
}

/** Turns declared problems into a message; anything else is a fault, and the step is tried again. */
function onProblem(problems: readonly { readonly code: string }[], message: Message) {
  return (error: unknown): Message => {
    if (error instanceof ProblemError && problems.some(({ code }) => code === error.code)) return message;
    throw error;
  };
}
