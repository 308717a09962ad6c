import type { OrderSummary, OrderView } from './contract.ts';
import type { HistoryRow, OrderRecord } from './order-record.ts';

/** An order in a list. */
export function summaryOf({ id, number, placed, order, placedAtMs, changedAtMs }: OrderRecord): OrderSummary {
  const { currency, totalMinor } = placed.totals;
  return {
    id,
    number,
    status: order.status,
    reason: order.reason ?? null,
    total: { amountMinor: totalMinor, currency },
    pieces: placed.lines.reduce((sum, { quantity }) => sum + quantity, 0),
    placedAtMs,
    changedAtMs,
  };
}

/** An order with its history; what is needed to pay for it is the payer's alone. */
export function viewOf(
  record: OrderRecord,
  { history, forPayer }: { history: readonly HistoryRow[]; forPayer: boolean },
): OrderView {
  const { lines, totals, email, address, paymentDueAtMs } = record.placed;
  const { status, intent, declines } = record.order;
  const isAwaited = forPayer && status === 'authorising' && intent !== undefined;
  return {
    ...summaryOf(record),
    revision: record.revision,
    lines: [...lines],
    totals,
    email,
    address,
    payment: isAwaited
      ? { intentId: intent.id, clientSecret: intent.clientSecret, declines, dueAtMs: paymentDueAtMs }
      : null,
    shipment: record.shipment,
    history: [...history],
  };
}
