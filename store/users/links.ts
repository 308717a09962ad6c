import type { Store, Tx } from 'relearn';
import { hashOf, newSecret } from './secrets.ts';

export type LinkPurpose = 'sign-up' | 'password-reset' | 'email-change';

/** What a mailed link is good for, once. */
export interface Link {
  readonly purpose: LinkPurpose;
  readonly email: string;
  /** Null where the account is yet to be opened. */
  readonly userId: string | null;
  readonly askedAtMs: number;
}

const LIFE_MS: Readonly<Record<LinkPurpose, number>> = {
  'sign-up': 24 * 3_600_000,
  'password-reset': 3_600_000,
  'email-change': 24 * 3_600_000,
};

/** Keeps a link in place of an earlier one for the same purpose. @returns its token. */
export async function makeLink(tx: Tx, { purpose, email, userId, askedAtMs }: Link): Promise<string> {
  const token = newSecret();
  await tx
    .prepare('DELETE FROM links WHERE purpose = ? AND (user_id = ? OR (user_id IS NULL AND email = ?))')
    .run(purpose, userId, email);
  await tx
    .prepare('INSERT INTO links (hash, purpose, email, user_id, asked_at_ms, expires_at_ms) VALUES (?, ?, ?, ?, ?, ?)')
    .run(hashOf(token), purpose, email, userId, askedAtMs, askedAtMs + LIFE_MS[purpose]);
  return token;
}

/** Reads a link without using it up. */
export async function findLink(
  from: Store | Tx,
  purpose: LinkPurpose,
  token: string,
  nowMs: number,
): Promise<Link | undefined> {
  return from
    .prepare<Link>(
      `SELECT purpose, email, user_id AS userId, asked_at_ms AS askedAtMs FROM links
       WHERE hash = ? AND purpose = ? AND expires_at_ms > ?`,
    )
    .get(hashOf(token), purpose, nowMs);
}

/** Uses a link up. Undefined when another was faster. */
export async function takeLink(tx: Tx, purpose: LinkPurpose, token: string, nowMs: number): Promise<Link | undefined> {
  const link = await findLink(tx, purpose, token, nowMs);
  if (link !== undefined) await tx.prepare('DELETE FROM links WHERE hash = ?').run(hashOf(token));
  return link;
}

export async function linksOf(store: Store, userId: string, nowMs: number): Promise<Link[]> {
  return store
    .prepare<Link>(
      `SELECT purpose, email, user_id AS userId, asked_at_ms AS askedAtMs FROM links
       WHERE user_id = ? AND expires_at_ms > ? ORDER BY asked_at_ms`,
    )
    .all(userId, nowMs);
}
