import type { Store, Tx } from 'relearn';
import type { Role, User } from './contract.ts';

/** A user as kept. */
export interface Account extends User {
  readonly passwordHash: string;
}

export async function accountById(from: Store | Tx, id: string): Promise<Account | undefined> {
  return from.prepare<Account>(`${SELECT} WHERE id = ?`).get(id);
}

/** @param email - As `normalEmail` gives it. */
export async function accountByEmail(from: Store | Tx, email: string): Promise<Account | undefined> {
  return from.prepare<Account>(`${SELECT} WHERE email = ?`).get(email);
}

/** False when the address is taken. */
export async function insertAccount(tx: Tx, account: Account): Promise<boolean> {
  const { id, email, name, role, passwordHash, createdAtMs } = account;
  const { changes } = await tx
    .prepare(
      `INSERT INTO users (id, email, name, role, password_hash, created_at_ms) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (email) DO NOTHING`,
    )
    .run(id, email, name, role, passwordHash, createdAtMs);
  return changes === 1;
}

export async function setName(tx: Tx, id: string, name: string): Promise<void> {
  await tx.prepare('UPDATE users SET name = ? WHERE id = ?').run(name, id);
}

export async function setEmail(tx: Tx, id: string, email: string): Promise<void> {
  await tx.prepare('UPDATE users SET email = ? WHERE id = ?').run(email, id);
}

export async function setPasswordHash(tx: Tx, id: string, hash: string): Promise<void> {
  await tx.prepare('UPDATE users SET password_hash = ? WHERE id = ?').run(hash, id);
}

export async function setAccountRole(tx: Tx, id: string, role: Role): Promise<void> {
  await tx.prepare('UPDATE users SET role = ? WHERE id = ?').run(role, id);
}

/** With all that is kept of them. */
export async function deleteAccount(tx: Tx, id: string): Promise<void> {
  await tx.prepare('DELETE FROM users WHERE id = ?').run(id);
}

export async function isLastOperator(tx: Tx, { id, role }: Account): Promise<boolean> {
  if (role !== 'operator') return false;
  return (await tx.prepare("SELECT 1 FROM users WHERE role = 'operator' AND id <> ? LIMIT 1").get(id)) === undefined;
}

export async function addVisitor(tx: Tx, userId: string, visitorId: string): Promise<void> {
  await tx.prepare('INSERT OR IGNORE INTO visitors (user_id, visitor_id) VALUES (?, ?)').run(userId, visitorId);
}

/** The guests they were in browsers they signed in with. */
export async function visitorIdsOf(from: Store | Tx, userId: string): Promise<string[]> {
  const rows = await from
    .prepare<{ visitor_id: string }>('SELECT visitor_id FROM visitors WHERE user_id = ?')
    .all(userId);
  return rows.map((row) => row.visitor_id);
}

export function userOf({ id, email, name, role, createdAtMs }: Account): User {
  return { id, email, name, role, createdAtMs };
}

const SELECT = 'SELECT id, email, name, role, password_hash AS passwordHash, created_at_ms AS createdAtMs FROM users';
