import { ProblemError, type Store, type Tx } from 'relearn';
import { type Address, addressesTooMany, type KeptAddress } from './contract.ts';

const ADDRESSES_MAX = 20;

/** The oldest first. */
export async function listAddresses(from: Store | Tx, userId: string): Promise<KeptAddress[]> {
  const rows = await from
    .prepare<{ id: string; address: string }>(
      'SELECT id, address FROM addresses WHERE user_id = ? ORDER BY created_at_ms, id',
    )
    .all(userId);
  return rows.map(({ id, address }) => ({ id, ...JSON.parse(address) }));
}

/** @throws ProblemError `users.addresses-too-many`. */
export async function putAddress(
  tx: Tx,
  userId: string,
  { id, address, nowMs }: { id: string; address: Address; nowMs: number },
): Promise<void> {
  const others = await tx
    .prepare<{ count: number }>('SELECT COUNT(*) AS count FROM addresses WHERE user_id = ? AND id <> ?')
    .get(userId, id);
  if (others !== undefined && others.count >= ADDRESSES_MAX) throw new ProblemError(addressesTooMany);
  await tx
    .prepare(
      `INSERT INTO addresses (user_id, id, created_at_ms, address) VALUES (?, ?, ?, ?)
       ON CONFLICT (user_id, id) DO UPDATE SET address = excluded.address`,
    )
    .run(userId, id, nowMs, JSON.stringify(address));
}

export async function removeAddress(tx: Tx, userId: string, id: string): Promise<boolean> {
  const { changes } = await tx.prepare('DELETE FROM addresses WHERE user_id = ? AND id = ?').run(userId, id);
  return changes === 1;
}
