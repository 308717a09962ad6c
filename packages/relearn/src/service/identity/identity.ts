import { decodeProtectedHeader, errors, type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose';
import type { Caller } from '../../contract/caller.ts';
import { frameworkProblems } from '../../contract/framework-problems.ts';
import { ProblemError } from '../../contract/problem.ts';
import { callerOfClaims } from './claims.ts';
import { HostTokens, ISSUER } from './host-tokens.ts';
import type { VerificationKeys } from './verification-keys.ts';

/** What a service may ask about tokens. */
export interface Identity {
  /** Who a token speaks of. @throws ProblemError `unauthenticated` when it is forged, expired or of another system. */
  callerOf(token: string): Promise<Caller>;
  /** A token with which a guest can call; good for an hour unless said. */
  guestToken(visitorId: string, options?: { readonly ttlMs?: number }): Promise<string>;
}

export interface HostIdentityOptions {
  readonly secret: Uint8Array;
  readonly keys: VerificationKeys;
  readonly clock: () => number;
}

/** How far the clocks of two machines may be apart, seconds. */
const CLOCKS_APART_S = 5;

/** Verified tokens that are remembered. */
const REMEMBERED_MAX = 10_000;

/** A host's knowledge of who calls. Verified tokens are remembered until they expire. */
export class HostIdentity implements Identity {
  readonly #secret: Uint8Array;
  readonly #keys: VerificationKeys;
  readonly #clock: () => number;
  readonly #tokens: HostTokens;
  readonly #verified = new Map<string, { caller: Caller; expiresAtMs: number }>();

  constructor(options: HostIdentityOptions) {
    this.#secret = options.secret;
    this.#keys = options.keys;
    this.#clock = options.clock;
    this.#tokens = new HostTokens(options);
  }

  serviceToken(name: string): Promise<string> {
    return this.#tokens.ofService(name);
  }

  guestToken(visitorId: string, { ttlMs }: { readonly ttlMs?: number } = {}): Promise<string> {
    return this.#tokens.ofGuest(visitorId, ttlMs);
  }

  /** The caller of a token verified before; costs a look into a table. */
  known(token: string): Caller | undefined {
    const known = this.#verified.get(token);
    if (known === undefined || known.expiresAtMs > this.#clock()) return known?.caller;
    this.#verified.delete(token);
    return undefined;
  }

  async callerOf(token: string): Promise<Caller> {
    return this.known(token) ?? this.#verify(token);
  }

  async #verify(token: string): Promise<Caller> {
    const signedBy = isSignedByHost(token) ? 'host' : 'users';
    const claims = await this.#claims(token, signedBy);
    const caller = callerOfClaims(claims, signedBy);
    if (caller === undefined) throw new ProblemError(frameworkProblems.unauthenticated);
    this.#remember(token, { caller, expiresAtMs: claims.exp! * 1_000 });
    return caller;
  }

  async #claims(token: string, signedBy: 'host' | 'users'): Promise<JWTPayload> {
    const options: JWTVerifyOptions = {
      issuer: ISSUER,
      audience: ISSUER,
      currentDate: new Date(this.#clock()),
      requiredClaims: ['exp'],
      clockTolerance: CLOCKS_APART_S,
    };
    try {
      const { payload } =
        signedBy === 'host'
          ? await jwtVerify(token, this.#secret, { ...options, algorithms: ['HS256'] })
          : await jwtVerify(token, this.#keys.find, { ...options, algorithms: ['EdDSA'] });
      return payload;
    } catch (error) {
      if (error instanceof ProblemError) throw error;
      if (!(error instanceof errors.JOSEError)) throw error;
      throw new ProblemError(frameworkProblems.unauthenticated, { cause: error });
    }
  }

  #remember(token: string, verified: { caller: Caller; expiresAtMs: number }): void {
    const oldest = this.#verified.size < REMEMBERED_MAX ? undefined : this.#verified.keys().next().value;
    if (oldest !== undefined) this.#verified.delete(oldest);
    this.#verified.set(token, verified);
  }
}

function isSignedByHost(token: string): boolean {
  try {
    return decodeProtectedHeader(token).alg === 'HS256';
  } catch (error) {
    throw new ProblemError(frameworkProblems.unauthenticated, { cause: error });
  }
}
