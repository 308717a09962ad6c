import type { EventType, Tx } from 'relearn';
import {
  type OrderFact,
  orderAdvanced,
  orderCompensated,
  orderCompensating,
  orderCompleted,
  orderConfirmed,
  orderPlaced,
  orderShipped,
} from './contract.ts';
import { scheduleEffects } from './effects.ts';
import { decide, type Effect, type Message, type OrderStatus } from './order.ts';
import type { OrderFeed } from './order-feed.ts';
import type { HistoryRow, OrderRecord, Shipment } from './order-record.ts';
import { insertHistory, insertOrder, updateOrder } from './store.ts';

/** Who moved an order, and what they said. */
export interface Mover {
  readonly by: HistoryRow['by'];
  readonly note?: string;
  readonly shipment?: Shipment;
}

/** A status that others want to hear of; any other step is `order.advanced.v1`. */
const events: Partial<Record<OrderStatus, typeof orderPlaced>> = {
  confirmed: orderConfirmed,
  shipped: orderShipped,
  completed: orderCompleted,
  compensating: orderCompensating,
  compensated: orderCompensated,
};

/** What moving an order needs of its service. */
export interface AdvanceContext {
  readonly clock: () => number;
  readonly feed: OrderFeed;
  /** A shipped order counts as arrived and kept after so long. */
  readonly completedAfterMs: number;
}

/** Keeps a new order, with its first history row, its event and what it asks for. */
export async function keepNewOrder(
  tx: Tx,
  { record, effects }: { record: OrderRecord; effects: readonly Effect[] },
  { completedAfterMs }: AdvanceContext,
): Promise<HistoryRow> {
  const row = rowOf(record, 'placed', { by: 'shopper' });
  await insertOrder(tx, record);
  await insertHistory(tx, record.id, row);
  await tx.publish(orderPlaced, factOf(record, 'placed'));
  await scheduleEffects(tx, record, { effects, completedAfterMs });
  return row;
}

/**
 * Moves an order by a message, in one transaction with its history, its event and what it asks for next. A message that says nothing new
 * writes nothing. @returns the order as it is then.
 */
export async function advanceOrder(
  tx: Tx,
  record: OrderRecord,
  message: Message,
  { clock, feed, completedAfterMs }: AdvanceContext,
  mover: Mover = { by: 'system' },
): Promise<OrderRecord> {
  const { order, effects } = decide(record.order, message);
  if (order === record.order) return record;
  const next: OrderRecord = {
    ...record,
    order,
    shipment: mover.shipment ?? record.shipment,
    revision: record.revision + 1,
    changedAtMs: clock(),
  };
  await updateOrder(tx, next);
  await insertHistory(tx, next.id, rowOf(next, message.kind, mover));
  await tx.publish(eventOf(record, next), factOf(next, message.kind));
  await scheduleEffects(tx, next, { effects, completedAfterMs });
  feed.moved(next.id, next.revision);
  return next;
}

function eventOf(before: OrderRecord, { order }: OrderRecord): EventType<(typeof orderPlaced)['payload']> {
  const { status } = order;
  return (status === before.order.status ? undefined : events[status]) ?? orderAdvanced;
}

function rowOf({ revision, changedAtMs, order }: OrderRecord, happened: string, { by, note }: Mover): HistoryRow {
  return { revision, atMs: changedAtMs, happened, status: order.status, by, note: note ?? null };
}

function factOf(
  { id, number, customer, placed, order, revision, changedAtMs }: OrderRecord,
  happened: string,
): OrderFact {
  const { currency, totalMinor } = placed.totals;
  return {
    orderId: id,
    number,
    revision,
    ...customer,
    status: order.status,
    reason: order.reason ?? null,
    happened,
    atMs: changedAtMs,
    total: { amountMinor: totalMinor, currency },
    lines: placed.lines.map(({ title: _title, ...line }) => line),
  };
}
