import { type Caller, ProblemError } from 'relearn';
import { nobodyOrders, orderNotFound } from './contract.ts';
import { belongsTo, type Customer, type HistoryRow, type OrderRecord } from './order-record.ts';

/** The customer who calls. @throws ProblemError `orders.customer-missing` when the caller is none. */
export function customerOf(caller: Caller): Customer {
  if (caller.kind === 'guest') return { visitorId: caller.visitorId };
  if (caller.kind !== 'shopper' && caller.kind !== 'operator') throw new ProblemError(nobodyOrders);
  const { userId, visitorId } = caller;
  return { userId, ...(visitorId !== undefined && { visitorId }) };
}

/** The order, where the caller may see it: customers their own, operators and services any. @throws ProblemError `orders.order-not-found`. */
export function seenBy(caller: Caller, record: OrderRecord | undefined): OrderRecord {
  if (record === undefined || !maySee(caller, record)) throw new ProblemError(orderNotFound);
  return record;
}

/** Whether the caller is to pay for the order, or a service that acts for who is. */
export function isPayer(caller: Caller, record: OrderRecord): boolean {
  if (caller.kind === 'service') return true;
  return caller.kind !== 'anonymous' && caller.kind !== 'partner' && belongsTo(record, customerOf(caller));
}

/** How the history names who moved an order. */
export function roleOf({ kind }: Caller): HistoryRow['by'] {
  if (kind === 'guest' || kind === 'shopper') return 'shopper';
  return kind === 'operator' || kind === 'partner' ? 'operator' : 'system';
}

function maySee(caller: Caller, record: OrderRecord): boolean {
  return caller.kind === 'operator' || caller.kind === 'partner' || isPayer(caller, record);
}
