import type { SqlValue, Store, Tx } from 'relearn';
import type { Position } from './cursor.ts';
import type { Customer, HistoryRow, OrderRecord } from './order-record.ts';

/** What narrows a list of orders. */
export interface OrderFilter {
  readonly customer?: Customer;
  readonly status?: string;
  readonly number?: string;
}

export async function readOrder(from: Store | Tx, id: string): Promise<OrderRecord | undefined> {
  const row = await from.prepare<OrderRow>('SELECT * FROM orders WHERE id = ?').get(id);
  return row && recordOf(row);
}

/** Newest first, after the position given. */
export async function listOrders(
  store: Store,
  filter: OrderFilter,
  { after, limit }: { after: Position | undefined; limit: number },
): Promise<OrderRecord[]> {
  const { where, parameters } = conditions(filter);
  if (after !== undefined) {
    where.push('(placed_at_ms, id) < (?, ?)');
    parameters.push(after.placedAtMs, after.id);
  }
  const rows = await store
    .prepare<OrderRow>(
      `SELECT * FROM orders WHERE ${where.join(' AND ') || 'TRUE'} ORDER BY placed_at_ms DESC, id DESC LIMIT ?`,
    )
    .all(...parameters, limit);
  return rows.map(recordOf);
}

export async function readHistory(from: Store | Tx, id: string): Promise<HistoryRow[]> {
  const rows = await from
    .prepare<HistoryRow & { atMs: number }>(
      `SELECT revision, at_ms AS atMs, happened, status, by, note FROM order_history WHERE order_id = ? ORDER BY revision`,
    )
    .all(id);
  return rows;
}

export async function isNumberTaken(tx: Tx, number: string): Promise<boolean> {
  return (await tx.prepare('SELECT 1 FROM orders WHERE number = ?').get(number)) !== undefined;
}

export async function insertOrder(tx: Tx, record: OrderRecord): Promise<void> {
  const { id, number, customer, placed, order, revision, placedAtMs, changedAtMs } = record;
  await tx
    .prepare(
      `INSERT INTO orders (id, number, user_id, visitor_id, status, saga, placed, revision, placed_at_ms, changed_at_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      id,
      number,
      customer.userId ?? null,
      customer.visitorId ?? null,
      order.status,
      JSON.stringify(order),
      JSON.stringify(placed),
      revision,
      placedAtMs,
      changedAtMs,
    );
}

/** Writes what may change of an order: how far it is, and its shipment. */
export async function updateOrder(tx: Tx, { id, order, shipment, revision, changedAtMs }: OrderRecord): Promise<void> {
  await tx
    .prepare('UPDATE orders SET status = ?, saga = ?, shipment = ?, revision = ?, changed_at_ms = ? WHERE id = ?')
    .run(
      order.status,
      JSON.stringify(order),
      shipment === null ? null : JSON.stringify(shipment),
      revision,
      changedAtMs,
      id,
    );
  await tx.prepare(`${ANONYMISE} AND id = ?`).run(id);
}

export async function insertHistory(tx: Tx, id: string, row: HistoryRow): Promise<void> {
  await tx
    .prepare(
      'INSERT INTO order_history (order_id, revision, at_ms, happened, status, by, note) VALUES (?, ?, ?, ?, ?, ?, ?)',
    )
    .run(id, row.revision, row.atMs, row.happened, row.status, row.by, row.note);
}

function conditions({ customer, status, number }: OrderFilter): { where: string[]; parameters: SqlValue[] } {
  const where: string[] = [];
  const parameters: SqlValue[] = [];
  if (customer !== undefined) {
    where.push('(user_id = ? OR (user_id IS NULL AND visitor_id = ?))');
    parameters.push(customer.userId ?? null, customer.visitorId ?? null);
  }
  if (status !== undefined) {
    where.push('status = ?');
    parameters.push(status);
  }
  if (number !== undefined) {
    where.push('number = ?');
    parameters.push(number);
  }
  return { where, parameters };
}

/**
 * Takes a customer out of their orders: at once out of those that have ended, out of the others what is not needed to send them, and the rest when
 * they end ({@link updateOrder}).
 */
export async function forgetCustomer(
  tx: Tx,
  { userId, visitorIds }: { userId: string; visitorIds: readonly string[] },
): Promise<void> {
  const ofVisitors = visitorIds.map(() => '?').join(', ');
  const rows = await tx
    .prepare<{ id: string }>(
      `SELECT id FROM orders WHERE user_id = ? OR (user_id IS NULL AND visitor_id IN (${ofVisitors}))`,
    )
    .all(userId, ...visitorIds);
  for (const { id } of rows) {
    await tx.prepare('UPDATE orders SET user_id = NULL, visitor_id = NULL, forgotten = 1 WHERE id = ?').run(id);
    await tx.prepare(`${ANONYMISE} AND id = ?`).run(id);
  }
}

const nobody = { name: '–', street: '–', postalCode: '–', city: '–' };
const ANONYMISE = `UPDATE orders SET placed = json_patch(placed, '${JSON.stringify({ email: 'forgotten@invalid', address: { ...nobody, region: null } })}')
  WHERE forgotten = 1 AND status IN ('completed', 'compensated')`;

interface OrderRow {
  id: string;
  number: string;
  user_id: string | null;
  visitor_id: string | null;
  saga: string;
  placed: string;
  shipment: string | null;
  revision: number;
  placed_at_ms: number;
  changed_at_ms: number;
}

function recordOf(row: OrderRow): OrderRecord {
  return {
    id: row.id,
    number: row.number,
    customer: {
      ...(row.user_id !== null && { userId: row.user_id }),
      ...(row.visitor_id !== null && { visitorId: row.visitor_id }),
    },
    placed: JSON.parse(row.placed),
    order: { intent: undefined, reason: undefined, ...JSON.parse(row.saga) },
    shipment: row.shipment === null ? null : JSON.parse(row.shipment),
    revision: row.revision,
    placedAtMs: row.placed_at_ms,
    changedAtMs: row.changed_at_ms,
  };
}
