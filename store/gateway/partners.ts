import { LRUCache } from 'lru-cache';
import { type ClientOf, frameworkProblems, ProblemError } from 'relearn';
import { apiKeyInvalid, type usersContract } from '../users/contract.ts';
import { isRefusal } from './refusal.ts';

const KNOWN_MAX = 10_000;
/** A key is exchanged anew so long before its token ends. */
const MARGIN_MS = 30_000;
/** How long an unknown key is taken for unknown without asking. */
const UNKNOWN_MS = 10_000;

interface PartnerToken {
  readonly keyId: string;
  readonly accessToken: string;
}

/** Tokens for partners' API keys. */
export class Partners {
  readonly #users: ClientOf<typeof usersContract>;
  readonly #clock: () => number;
  readonly #known = new LRUCache<string, PartnerToken>({ max: KNOWN_MAX });
  readonly #unknown = new LRUCache<string, true>({ max: KNOWN_MAX, ttl: UNKNOWN_MS });

  constructor(users: ClientOf<typeof usersContract>, clock: () => number) {
    this.#users = users;
    this.#clock = clock;
  }

  /** Whether the key was good a moment ago. */
  knows(key: string): boolean {
    return this.#known.has(key);
  }

  /** @throws ProblemError `unauthenticated` when the key is unknown or revoked. */
  async tokenFor(key: string): Promise<PartnerToken> {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.#unknown.has(key)) throw new ProblemError(frameworkProblems.unauthenticated);
    try {
      const { keyId, accessToken, accessExpiresAtMs } = await this.#users.exchangeApiKey({ body: { key } });
      const ttl = accessExpiresAtMs - this.#clock() - MARGIN_MS;
      if (ttl > 0) this.#known.set(key, { keyId, accessToken }, { ttl });
      return { keyId, accessToken };
    } catch (error) {
      if (!isRefusal(error, apiKeyInvalid)) throw error;
      this.#unknown.set(key, true);
      throw new ProblemError(frameworkProblems.unauthenticated, { cause: error });
    }
  }
}

/** The API key that a request carries, in either of its two places. */
export function apiKeyOf(headers: Readonly<Record<string, string | string[] | undefined>>): string | undefined {
  const own = headers['x-api-key'];
  if (typeof own === 'string') return own;
  const [scheme, token] = (headers.authorization as string | undefined)?.split(' ', 2) ?? [];
  return scheme?.toLowerCase() === 'bearer' && token?.startsWith('rk_') ? token : undefined;
}
