import { type JWTPayload, SignJWT } from 'jose';

/** Who makes and takes every token of this system. */
export const ISSUER = 'relearn';

const SERVICE_TTL_MS = 60_000;
const GUEST_TTL_MS = 3_600_000;
/** A token of a service is used again until this much is left of it. */
const SERVICE_LEFT_MS_MIN = 30_000;

export interface HostTokensOptions {
  readonly secret: Uint8Array;
  readonly clock: () => number;
}

/** Tokens that a host signs itself (JWT, HS256): of its services, and of guests. */
export class HostTokens {
  readonly #secret: Uint8Array;
  readonly #clock: () => number;
  readonly #ofServices = new Map<string, { token: Promise<string>; expiresAtMs: number }>();

  constructor({ secret, clock }: HostTokensOptions) {
    this.#secret = secret;
    this.#clock = clock;
  }

  /** Good for 60 s, with 30 s left at least. */
  ofService(name: string): Promise<string> {
    const known = this.#ofServices.get(name);
    const nowMs = this.#clock();
    if (known !== undefined && known.expiresAtMs - nowMs >= SERVICE_LEFT_MS_MIN) return known.token;
    const token = this.#sign({ sub: name, kind: 'service' }, SERVICE_TTL_MS);
    this.#ofServices.set(name, { token, expiresAtMs: nowMs + SERVICE_TTL_MS });
    return token;
  }

  /** Good for an hour unless said. */
  ofGuest(visitorId: string, ttlMs = GUEST_TTL_MS): Promise<string> {
    return this.#sign({ sub: visitorId, kind: 'guest' }, ttlMs);
  }

  #sign(claims: JWTPayload, ttlMs: number): Promise<string> {
    const nowMs = this.#clock();
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer(ISSUER)
      .setAudience(ISSUER)
      .setIssuedAt(new Date(nowMs))
      .setExpirationTime(new Date(nowMs + ttlMs))
      .sign(this.#secret);
  }
}
