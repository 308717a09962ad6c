import type { Store, Tx } from 'relearn';
import { abandonJobName, type CartTimers } from './cart-timers.ts';
import { joined, type Lines } from './lines.ts';
import { type Owner, ownerKey } from './owner.ts';

/** A cart as kept. */
export interface KeptCart {
  readonly revision: number;
  readonly lines: Lines;
  readonly changedAtMs: number;
}

const EMPTY: KeptCart = { revision: 0, lines: [], changedAtMs: 0 };

export async function readCart(from: Store | Tx, owner: Owner): Promise<KeptCart> {
  const row = await from
    .prepare<CartRow>('SELECT revision, lines, changed_at_ms FROM carts WHERE owner = ?')
    .get(ownerKey(owner));
  if (row === undefined) return EMPTY;
  return { revision: row.revision, lines: JSON.parse(row.lines), changedAtMs: row.changed_at_ms };
}

/** Writes changed lines, and looks at the cart again once it has rested. */
export async function writeCart(
  tx: Tx,
  owner: Owner,
  { cart, lines }: { cart: KeptCart; lines: Lines },
  { clock, abandonedAfterMs }: CartTimers,
): Promise<KeptCart> {
  const changed = { revision: cart.revision + 1, lines, changedAtMs: clock() };
  const key = ownerKey(owner);
  await tx
    .prepare(
      `INSERT INTO carts (owner, revision, lines, changed_at_ms) VALUES (?, ?, ?, ?)
       ON CONFLICT (owner) DO UPDATE SET revision = excluded.revision, lines = excluded.lines, changed_at_ms = excluded.changed_at_ms`,
    )
    .run(key, changed.revision, JSON.stringify(lines), changed.changedAtMs);
  await tx.schedule(abandonJobName, { owner: key }, { key, atMs: changed.changedAtMs + abandonedAfterMs });
  return changed;
}

export async function deleteCart(tx: Tx, owner: Owner): Promise<void> {
  const key = ownerKey(owner);
  await tx.prepare('DELETE FROM carts WHERE owner = ?').run(key);
  await tx.unschedule(abandonJobName, key);
}

/** The shopper's cart, with the guest's joined to it, once: the guest has none from then on. */
export async function joinCarts(
  tx: Tx,
  { shopper, guest }: { shopper: Owner; guest: Owner },
  timers: CartTimers,
): Promise<void> {
  const { lines: brought } = await readCart(tx, guest);
  await deleteCart(tx, guest);
  if (brought.length === 0) return;
  const cart = await readCart(tx, shopper);
  await writeCart(tx, shopper, { cart, lines: joined(cart.lines, brought) }, timers);
}

interface CartRow {
  revision: number;
  lines: string;
  changed_at_ms: number;
}
