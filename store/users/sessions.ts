import type { Store, Tx } from 'relearn';
import type { Session } from './contract.ts';
import { hashOf, isHashOf, newSecret } from './secrets.ts';

/** A session that is not refreshed for so long has ended. */
export const SESSION_LIFE_MS = 30 * 86_400_000;

export interface KeptSession {
  readonly id: string;
  readonly userId: string;
  readonly visitorId: string | null;
  readonly device: string;
  readonly refreshHash: Uint8Array;
  readonly createdAtMs: number;
  readonly refreshedAtMs: number;
  readonly expiresAtMs: number;
}

/** `<session>.<secret>`: the secret changes with each refresh, the session stays, so that one of any age is known again. */
export interface RefreshToken {
  readonly sessionId: string;
  readonly secret: string;
}

export function readRefreshToken(text: string): RefreshToken | undefined {
  const dot = text.indexOf('.');
  return dot < 1 ? undefined : { sessionId: text.slice(0, dot), secret: text.slice(dot + 1) };
}

/** @returns the refresh token. */
export async function beginSession(
  tx: Tx,
  { userId, visitorId, device }: Pick<KeptSession, 'userId' | 'visitorId' | 'device'>,
  nowMs: number,
): Promise<{ sessionId: string; refreshToken: string }> {
  const sessionId = newSecret();
  const secret = newSecret();
  await tx
    .prepare(
      `INSERT INTO sessions (id, user_id, visitor_id, device, refresh_hash, created_at_ms, refreshed_at_ms, expires_at_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(sessionId, userId, visitorId, device, hashOf(secret), nowMs, nowMs, nowMs + SESSION_LIFE_MS);
  return { sessionId, refreshToken: `${sessionId}.${secret}` };
}

/** The session that the token belongs to, and whether the token is its newest. */
export async function sessionOfToken(
  tx: Tx,
  { sessionId, secret }: RefreshToken,
  nowMs: number,
): Promise<{ session: KeptSession; isNewest: boolean } | undefined> {
  const session = await liveSession(tx, sessionId, nowMs);
  return session && { session, isNewest: isHashOf(session.refreshHash, secret) };
}

/** @returns the next refresh token. */
export async function renewSession(tx: Tx, sessionId: string, nowMs: number): Promise<string> {
  const secret = newSecret();
  await tx
    .prepare('UPDATE sessions SET refresh_hash = ?, refreshed_at_ms = ?, expires_at_ms = ? WHERE id = ?')
    .run(hashOf(secret), nowMs, nowMs + SESSION_LIFE_MS, sessionId);
  return `${sessionId}.${secret}`;
}

export async function liveSession(from: Store | Tx, id: string, nowMs: number): Promise<KeptSession | undefined> {
  return from.prepare<KeptSession>(`${SELECT} WHERE id = ? AND expires_at_ms > ?`).get(id, nowMs);
}

/** The latest first. */
export async function liveSessions(from: Store | Tx, userId: string, nowMs: number): Promise<KeptSession[]> {
  return from
    .prepare<KeptSession>(`${SELECT} WHERE user_id = ? AND expires_at_ms > ? ORDER BY created_at_ms DESC, id`)
    .all(userId, nowMs);
}

export async function endSession(tx: Tx, userId: string, id: string): Promise<boolean> {
  const { changes } = await tx.prepare('DELETE FROM sessions WHERE id = ? AND user_id = ?').run(id, userId);
  return changes === 1;
}

/** All of a user's, but one where that is named. @returns how many ended. */
export async function endSessions(tx: Tx, userId: string, { but = '' }: { but?: string } = {}): Promise<number> {
  const { changes } = await tx.prepare('DELETE FROM sessions WHERE user_id = ? AND id <> ?').run(userId, but);
  return changes;
}

export function sessionOf(kept: KeptSession, currentId: string): Session {
  const { id, device, createdAtMs, refreshedAtMs, expiresAtMs } = kept;
  return { id, device, createdAtMs, refreshedAtMs, expiresAtMs, current: id === currentId };
}

const SELECT = `SELECT id, user_id AS userId, visitor_id AS visitorId, device, refresh_hash AS refreshHash,
  created_at_ms AS createdAtMs, refreshed_at_ms AS refreshedAtMs, expires_at_ms AS expiresAtMs FROM sessions`;
