import { randomUUID } from 'node:crypto';
import type { Store, Tx } from 'relearn';
import type { ApiKey } from './contract.ts';
import { hashOf, newSecret } from './secrets.ts';

/** How a key begins, so that the gateway, and who searches code for leaked secrets, knows it for one. */
const KEY_PREFIX = 'rk_';
const SHOWN_LENGTH = 10;
/** The time of use is written at most so often. */
const USE_NOTED_EVERY_MS = 60_000;

export async function insertApiKey(
  tx: Tx,
  { name, scopes }: { name: string; scopes: readonly string[] },
  nowMs: number,
): Promise<ApiKey & { key: string }> {
  const key = KEY_PREFIX + newSecret();
  const made: ApiKey = {
    id: randomUUID(),
    name,
    prefix: key.slice(0, SHOWN_LENGTH),
    scopes: [...new Set(scopes)].sort(),
    createdAtMs: nowMs,
    usedAtMs: null,
    revokedAtMs: null,
  };
  await tx
    .prepare('INSERT INTO api_keys (id, name, prefix, hash, scopes, created_at_ms) VALUES (?, ?, ?, ?, ?, ?)')
    .run(made.id, name, made.prefix, hashOf(key), JSON.stringify(made.scopes), nowMs);
  return { ...made, key };
}

/** The latest first. */
export async function listApiKeys(store: Store): Promise<ApiKey[]> {
  return (await store.prepare<KeyRow>(`${SELECT} ORDER BY created_at_ms DESC, id`).all()).map(apiKeyOf);
}

/** Keeps the time of the first revocation. */
export async function revokeApiKey(tx: Tx, id: string, nowMs: number): Promise<ApiKey | undefined> {
  await tx.prepare('UPDATE api_keys SET revoked_at_ms = ? WHERE id = ? AND revoked_at_ms IS NULL').run(nowMs, id);
  const row = await tx.prepare<KeyRow>(`${SELECT} WHERE id = ?`).get(id);
  return row && apiKeyOf(row);
}

/** The key that is not revoked; notes that it was used. */
export async function useApiKey(store: Store, key: string, nowMs: number): Promise<ApiKey | undefined> {
  const row = await store.prepare<KeyRow>(`${SELECT} WHERE hash = ? AND revoked_at_ms IS NULL`).get(hashOf(key));
  if (row === undefined) return undefined;
  if (row.usedAtMs === null || row.usedAtMs < nowMs - USE_NOTED_EVERY_MS) {
    await store.transact((tx) => tx.prepare('UPDATE api_keys SET used_at_ms = ? WHERE id = ?').run(nowMs, row.id));
  }
  return apiKeyOf(row);
}

interface KeyRow extends Omit<ApiKey, 'scopes'> {
  scopes: string;
}

function apiKeyOf(row: KeyRow): ApiKey {
  return { ...row, scopes: JSON.parse(row.scopes) };
}

const SELECT = `SELECT id, name, prefix, scopes, created_at_ms AS createdAtMs, used_at_ms AS usedAtMs,
  revoked_at_ms AS revokedAtMs FROM api_keys`;
