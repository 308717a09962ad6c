import type { Store, Tx } from 'relearn';
import { productChanged, type Reservation } from './contract.ts';
import { readProduct } from './store.ts';

/** A reservation with the moment at which it expires, should it still be held then. */
export type KeptReservation = Omit<Reservation, 'expiresAtMs'> & { readonly expiresAtMs: number };

export async function readReservation(from: Store | Tx, id: string): Promise<KeptReservation | undefined> {
  const row = await from.prepare<ReservationRow>('SELECT * FROM reservation WHERE id = ?').get(id);
  return row && { id, state: row.state, lines: JSON.parse(row.lines), expiresAtMs: row.expires_at_ms };
}

export async function writeReservation(tx: Tx, { id, state, lines, expiresAtMs }: KeptReservation): Promise<void> {
  await tx
    .prepare('INSERT OR REPLACE INTO reservation (id, state, lines, expires_at_ms) VALUES (?, ?, ?, ?)')
    .run(id, state, JSON.stringify(lines), expiresAtMs);
}

/** How many pieces of an active product can be sold; none of one that is retired or unknown. */
export async function availableStock(tx: Tx, productId: string): Promise<number> {
  const row = await tx
    .prepare<{ stock: number }>('SELECT stock FROM product WHERE id = ? AND active = 1')
    .get(productId);
  return row?.stock ?? 0;
}

/** Adds to a product's stock, or takes from it; tells others when it runs out or comes back. */
export async function moveStock(tx: Tx, productId: string, pieces: number, nowMs: number): Promise<void> {
  const moved = await tx
    .prepare<{ stock: number }>(
      'UPDATE product SET stock = stock + ?, revision = revision + 1, changed_at_ms = ? WHERE id = ? RETURNING stock',
    )
    .get(pieces, nowMs, productId);
  if (moved === undefined) throw new Error(`Stock of ${productId} was moved, but there is no such product.`);
  const isAvailable = moved.stock > 0;
  const wasAvailable = moved.stock - pieces > 0;
  if (isAvailable === wasAvailable) return;
  const product = await readProduct(tx, productId);
  if (product !== undefined) await tx.publish(productChanged, product);
}

interface ReservationRow {
  state: Reservation['state'];
  lines: string;
  expires_at_ms: number;
}
