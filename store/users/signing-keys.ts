import { randomUUID } from 'node:crypto';
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import type { KeySet, Store, Tx } from 'relearn';

/** How long a retired key stays published: longer than any token it signed lives. */
const PUBLISHED_AFTER_RETIREMENT_MS = 10 * 60_000;

/** The key that signs now. */
export interface SigningKey {
  readonly id: string;
  readonly key: CryptoKey;
}

/** Ed25519 keys, kept in the service's own store, the private ones too: who reads that file can sign in as anyone. */
export class SigningKeys {
  readonly #store: Store;
  readonly #clock: () => number;
  #current: Promise<SigningKey> | undefined;

  constructor(store: Store, clock: () => number) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Made when there is none yet. */
  current(): Promise<SigningKey> {
    this.#current ??= this.#read().catch((error: unknown) => {
      this.#current = undefined;
      throw error;
    });
    return this.#current;
  }

  /** Signs with a new key from now on; removes those that no token can be of any more. */
  async rotate(): Promise<void> {
    const next = await newKey();
    await this.#store.transact(async (tx) => {
      const nowMs = this.#clock();
      await tx.prepare('DELETE FROM signing_keys WHERE retired_at_ms < ?').run(nowMs - PUBLISHED_AFTER_RETIREMENT_MS);
      await tx.prepare('UPDATE signing_keys SET retired_at_ms = ? WHERE retired_at_ms IS NULL').run(nowMs);
      await insertKey(tx, next, nowMs);
    });
    this.#current = undefined;
  }

  /** The one that signs first. */
  async keySet(): Promise<KeySet> {
    await this.current();
    const rows = await this.#store
      .prepare<{ public_jwk: string }>(
        `SELECT public_jwk FROM signing_keys WHERE retired_at_ms IS NULL OR retired_at_ms >= ?
         ORDER BY retired_at_ms IS NOT NULL, retired_at_ms DESC`,
      )
      .all(this.#clock() - PUBLISHED_AFTER_RETIREMENT_MS);
    return { keys: rows.map((row) => JSON.parse(row.public_jwk)) };
  }

  async #read(): Promise<SigningKey> {
    const fresh = await newKey();
    const row = await this.#store.transact(async (tx) => {
      const kept = await tx
        .prepare<KeyRow>('SELECT id, private_jwk FROM signing_keys WHERE retired_at_ms IS NULL')
        .get();
      if (kept === undefined) await insertKey(tx, fresh, this.#clock());
      return kept ?? { id: fresh.id, private_jwk: JSON.stringify(fresh.privateJwk) };
    });
    return { id: row.id, key: (await importJWK(JSON.parse(row.private_jwk), 'EdDSA')) as CryptoKey };
  }
}

interface KeyRow {
  id: string;
  private_jwk: string;
}

interface KeyPair {
  readonly id: string;
  readonly privateJwk: JWK;
  readonly publicJwk: JWK;
}

async function newKey(): Promise<KeyPair> {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true });
  const id = randomUUID();
  const publicJwk = { ...(await exportJWK(publicKey)), kid: id, alg: 'EdDSA', use: 'sig' };
  return { id, privateJwk: await exportJWK(privateKey), publicJwk };
}

async function insertKey(tx: Tx, { id, privateJwk, publicJwk }: KeyPair, nowMs: number): Promise<void> {
  await tx
    .prepare('INSERT INTO signing_keys (id, private_jwk, public_jwk, created_at_ms) VALUES (?, ?, ?, ?)')
    .run(id, JSON.stringify(privateJwk), JSON.stringify(publicJwk), nowMs);
}
