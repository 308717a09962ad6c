import { randomUUID } from 'node:crypto';
import { type Caller, type Identity, ProblemError } from 'relearn';
import { type BrowserCookies, type CookieWriter, VISITOR_LIFE_MS } from './cookies.ts';
import type { RefreshedSessions } from './refreshed-sessions.ts';

/** Who a browser is, and what it is to keep. */
export interface Browser {
  readonly caller: Caller;
  readonly token?: string;
  /** `Set-Cookie` headers. */
  readonly cookies: readonly string[];
}

const nobody: Browser = { caller: { kind: 'anonymous' }, cookies: [] };

/** Knows browsers by their cookies. */
export class Browsers {
  readonly #identity: Identity;
  readonly #sessions: RefreshedSessions;
  readonly #writer: CookieWriter;

  constructor(parts: { identity: Identity; sessions: RefreshedSessions; writer: CookieWriter }) {
    this.#identity = parts.identity;
    this.#sessions = parts.sessions;
    this.#writer = parts.writer;
  }

  /** @throws ProblemError when users cannot be asked now: a shopper is not taken for a guest. */
  async known({ visitor, session, refresh }: BrowserCookies): Promise<Browser> {
    if (session !== undefined) {
      const caller = await this.#callerOf(session);
      if (caller !== undefined) return { caller, token: session, cookies: [] };
    }
    const tokens = refresh === undefined ? undefined : await this.#sessions.tokensFor(refresh);
    if (tokens !== undefined) {
      const caller = await this.#identity.callerOf(tokens.accessToken);
      return { caller, token: tokens.accessToken, cookies: this.#writer.session(tokens) };
    }
    const ended = session === undefined && refresh === undefined ? [] : this.#writer.noSession();
    const guest = visitor === undefined ? undefined : await this.#callerOf(visitor);
    if (guest?.kind !== 'guest') return { ...nobody, cookies: ended };
    return { caller: guest, token: visitor!, cookies: ended };
  }

  /** A guest that was never here. */
  async newGuest(): Promise<Browser & { readonly visitorId: string }> {
    const visitorId = randomUUID();
    const token = await this.#identity.guestToken(visitorId, { ttlMs: VISITOR_LIFE_MS });
    return { visitorId, caller: { kind: 'guest', visitorId }, token, cookies: [this.#writer.visitor(token)] };
  }

  /** The cookie that keeps a guest for another year. */
  async keepGuest(visitorId: string): Promise<string> {
    return this.#writer.visitor(await this.#identity.guestToken(visitorId, { ttlMs: VISITOR_LIFE_MS }));
  }

  /** Undefined for a token that is no good any more. */
  async #callerOf(token: string): Promise<Caller | undefined> {
    try {
      return await this.#identity.callerOf(token);
    } catch (error) {
      if (error instanceof ProblemError && error.code === 'unauthenticated') return undefined;
      throw error;
    }
  }
}
