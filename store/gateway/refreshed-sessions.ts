import { LRUCache } from 'lru-cache';
import type { ClientOf } from 'relearn';
import { sessionEnded, type Tokens, type usersContract } from '../users/contract.ts';
import { isRefusal } from './refusal.ts';

/** Requests that were under way when the token changed still come with the old one; longer than that, and it is a thief's. */
const REMEMBERED_MS = 10_000;
const REMEMBERED_MAX = 10_000;

/**
 * Exchanges refresh tokens, each once however many requests come with it at the same time. Of two gateways in two processes each knows its own
 * exchanges alone: keep a browser at one of them.
 */
export class RefreshedSessions {
  readonly #users: ClientOf<typeof usersContract>;
  readonly #exchanges = new LRUCache<string, Promise<Tokens | undefined>>({
    max: REMEMBERED_MAX,
    ttl: REMEMBERED_MS,
  });

  constructor(users: ClientOf<typeof usersContract>) {
    this.#users = users;
  }

  /** Undefined when the session has ended. @throws ProblemError when users cannot be asked now; the next request asks again. */
  tokensFor(refreshToken: string): Promise<Tokens | undefined> {
    const known = this.#exchanges.get(refreshToken);
    if (known !== undefined) return known;
    const exchange = this.#exchange(refreshToken);
    this.#exchanges.set(refreshToken, exchange);
    exchange.catch(() => this.#exchanges.delete(refreshToken));
    return exchange;
  }

  /** After a sign-out: what was exchanged is no more. */
  forget(refreshToken: string): void {
    this.#exchanges.delete(refreshToken);
  }

  async #exchange(refreshToken: string): Promise<Tokens | undefined> {
    try {
      return await this.#users.refresh({ body: { refreshToken } });
    } catch (error) {
      if (isRefusal(error, sessionEnded)) return undefined;
      throw error;
    }
  }
}
