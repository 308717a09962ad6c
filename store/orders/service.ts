import { type CallContext, type Caller, type ClientOf, type HandlersOf, ProblemError, type Store } from 'relearn';
import type { catalogContract } from '../catalog/contract.ts';
import { type AdvanceContext, advanceOrder, keepNewOrder } from './advance-order.ts';
import { customerOf, isPayer, roleOf, seenBy } from './callers.ts';
import { cancelTooLate, type OrderView, type ordersContract, stepNotDue } from './contract.ts';
import { countries } from './countries.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { newOrder } from './new-order.ts';
import { admits, type Message, type OrderStatus } from './order.ts';
import { readOrderNumber } from './order-number.ts';
import type { OrderRecord, Shipment } from './order-record.ts';
import { summaryOf, viewOf } from './order-view.ts';
import type { PaymentProvider } from './payment-provider.ts';
import { answered, quote } from './quote.ts';
import { listOrders, type OrderFilter, readHistory, readOrder } from './store.ts';
import { watchOrder } from './watch-order.ts';

export interface OrdersParts {
  readonly store: Store;
  readonly catalog: ClientOf<typeof catalogContract>;
  readonly payment: PaymentProvider;
  readonly advance: AdvanceContext;
  /** Time to pay. */
  readonly paymentDueMs: number;
}

/** The orders' handlers, in the contract's order. */
export function orderHandlers(parts: OrdersParts): HandlersOf<typeof ordersContract> {
  const { store, catalog, payment, advance, paymentDueMs } = parts;
  const { clock, feed } = advance;
  return {
    quoteOrder: ({ body }, { signal }) => quote(body, { catalog, signal }),

    placeOrder: async ({ body }, call) => {
      const customer = customerOf(call.caller);
      const paymentDueAtMs = clock() + paymentDueMs;
      const { lines, email, address } = body;
      const wanted = { lines, country: address.country };
      const [quoted] = await Promise.allSettled([quote(wanted, { catalog, signal: call.signal })]);
      // A repeat gets the order that was placed, even where it could not be placed again.
      return call.once(async (tx) => {
        if (quoted.status === 'rejected') throw quoted.reason;
        const order = { ...quoted.value, email, address, paymentDueAtMs };
        const placed = await newOrder(tx, customer, order, clock());
        const history = [await keepNewOrder(tx, placed, advance)];
        return viewOf(placed.record, { history, forPayer: true });
      });
    },

    listCountries: () => ({ countries: Object.keys(countries) }),

    listOrders: ({ query }, { caller }) => pageOf(store, { customer: customerOf(caller) }, query),

    getOrder: async ({ params: { id } }, { caller }) =>
      shown(store, seenBy(caller, await readOrder(store, id)), caller),

    watchOrder: async ({ params: { id } }, { caller, signal }) => {
      const record = seenBy(caller, await readOrder(store, id));
      return watchOrder({ store, feed, orderId: id, forPayer: isPayer(caller, record), signal });
    },

    cancelOrder: ({ params: { id } }, call) =>
      move(parts, call, id, {
        message: { kind: 'cancel' },
        isDone: ({ reason }) => reason === 'cancelled',
        refusal: cancelTooLate,
      }),

    listAllOrders: async ({ query: { status, number, ...page } }) => {
      const written = number === undefined ? undefined : readOrderNumber(number);
      if (number !== undefined && written === undefined) return { orders: [], nextCursor: null };
      return pageOf(store, { ...(status && { status }), ...(written !== undefined && { number: written }) }, page);
    },

    shipOrder: ({ params: { id }, body: shipment }, call) =>
      move(parts, call, id, { message: { kind: 'ship' }, shipment, isDone: ({ status }) => status === 'shipped' }),

    completeOrder: ({ params: { id } }, call) =>
      move(parts, call, id, { message: { kind: 'complete' }, isDone: ({ status }) => status === 'completed' }),

    refundOrder: ({ params: { id }, body: { restock, note } }, call) =>
      move(parts, call, id, {
        message: { kind: 'refund', restock },
        ...(note !== undefined && { note }),
        isDone: ({ reason }) => reason === 'refunded',
      }),

    paymentWebhook: async ({ headers }, { rawBody }) => {
      const { orderId, intentId, message } = await answered(payment.readWebhook(rawBody, headers['payment-signature']));
      if (message !== undefined) {
        await store.transact(async (tx) => {
          const record = await readOrder(tx, orderId);
          if (record?.order.intent?.id === intentId) await advanceOrder(tx, record, message, advance);
        });
      }
      return { received: true };
    },
  };
}

/** What a person asks of an order. */
interface Wish {
  readonly message: Extract<Message, { kind: 'cancel' | 'ship' | 'complete' | 'refund' }>;
  /** Whether it was done before: then a repeat changes nothing. */
  readonly isDone: (order: OrderRecord['order']) => boolean;
  readonly note?: string;
  readonly shipment?: Shipment;
  readonly refusal?: typeof stepNotDue;
}

async function move(
  { store, advance }: OrdersParts,
  { caller }: CallContext,
  id: string,
  wish: Wish,
): Promise<OrderView> {
  const { message, isDone, refusal = stepNotDue, note, shipment } = wish;
  const moved = await store.transact(async (tx) => {
    const record = seenBy(caller, await readOrder(tx, id));
    if (isDone(record.order)) return record;
    if (!admits(record.order, message.kind)) throw refused(refusal, record.order.status);
    return advanceOrder(tx, record, message, advance, {
      by: roleOf(caller),
      ...(note !== undefined && { note }),
      ...(shipment !== undefined && { shipment }),
    });
  });
  return shown(store, moved, caller);
}

function refused(refusal: typeof stepNotDue, status: OrderStatus): ProblemError {
  return new ProblemError(refusal, { detail: `The order is ${status}.`, data: { status } });
}

async function shown(store: Store, record: OrderRecord, caller: Caller): Promise<OrderView> {
  return viewOf(record, { history: await readHistory(store, record.id), forPayer: isPayer(caller, record) });
}

async function pageOf(store: Store, filter: OrderFilter, { limit = 20, cursor }: { limit?: number; cursor?: string }) {
  const after = cursor === undefined ? undefined : decodeCursor(cursor);
  const records = await listOrders(store, filter, { after, limit: limit + 1 });
  const page = records.slice(0, limit);
  const last = page.at(-1);
  return {
    orders: page.map(summaryOf),
    nextCursor: records.length > limit && last !== undefined ? encodeCursor(last) : null,
  };
}
