import type { Static } from 'relearn';
import type { address, orderLine, totals } from './contract.ts';
import type { Order } from './order.ts';

/** Whose an order is: a user's, or a visitor's who has not signed in. One who signed in since has both. */
export interface Customer {
  readonly userId?: string;
  readonly visitorId?: string;
}

/** What was ordered; it never changes. */
export interface PlacedOrder {
  readonly lines: readonly Static<typeof orderLine>[];
  readonly totals: Static<typeof totals>;
  readonly email: string;
  readonly address: Static<typeof address>;
  /** By when it has to be paid; ms since the epoch. */
  readonly paymentDueAtMs: number;
}

export interface Shipment {
  readonly carrier?: string;
  readonly trackingCode?: string;
}

/** An order as it is kept. */
export interface OrderRecord {
  readonly id: string;
  readonly number: string;
  readonly customer: Customer;
  readonly placed: PlacedOrder;
  /** How far it is. */
  readonly order: Order;
  readonly shipment: Shipment | null;
  readonly revision: number;
  readonly placedAtMs: number;
  readonly changedAtMs: number;
}

/** One row of an order's history. */
export interface HistoryRow {
  readonly revision: number;
  readonly atMs: number;
  readonly happened: string;
  readonly status: Order['status'];
  readonly by: 'shopper' | 'operator' | 'system';
  readonly note: string | null;
}

/** Whether an order is this customer's, by user or by visitor. */
export function belongsTo({ customer }: OrderRecord, { userId, visitorId }: Customer): boolean {
  if (userId !== undefined && customer.userId === userId) return true;
  return visitorId !== undefined && customer.userId === undefined && customer.visitorId === visitorId;
}
