import { SignJWT } from 'jose';
import type { Role } from './contract.ts';
import type { SigningKeys } from './signing-keys.ts';

const LIFE_MS = 5 * 60_000;

export interface AccessToken {
  readonly accessToken: string;
  readonly accessExpiresAtMs: number;
}

export interface TokenOwner {
  readonly userId: string;
  readonly role: Role;
  readonly sessionId: string;
  readonly visitorId: string | null;
}

/** Short tokens that every service can check by itself. What is revoked meanwhile stays good for what is left of five minutes. */
export class AccessTokens {
  readonly #keys: SigningKeys;
  readonly #clock: () => number;

  constructor(keys: SigningKeys, clock: () => number) {
    this.#keys = keys;
    this.#clock = clock;
  }

  ofUser({ userId, role, sessionId, visitorId }: TokenOwner): Promise<AccessToken> {
    return this.#sign(userId, { kind: role, sid: sessionId, ...(visitorId !== null && { vid: visitorId }) });
  }

  ofPartner(keyId: string, scopes: readonly string[]): Promise<AccessToken> {
    return this.#sign(keyId, { kind: 'partner', scope: scopes.join(' ') });
  }

  async #sign(subject: string, claims: Record<string, string>): Promise<AccessToken> {
    const { id, key } = await this.#keys.current();
    const nowS = Math.floor(this.#clock() / 1_000);
    const expiresAtS = nowS + LIFE_MS / 1_000;
    const accessToken = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'EdDSA', kid: id })
      .setIssuer('relearn')
      .setAudience('relearn')
      .setSubject(subject)
      .setIssuedAt(nowS)
      .setExpirationTime(expiresAtS)
      .sign(key);
    return { accessToken, accessExpiresAtMs: expiresAtS * 1_000 };
  }
}
