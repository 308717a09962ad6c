import { parseCookie, type SetCookie, stringifySetCookie } from 'cookie';

/** What a browser keeps for the gateway; none of it is readable by scripts. */
export interface BrowserCookies {
  /** Token of the guest that the browser is. */
  readonly visitor: string | undefined;
  /** Access token of who signed in; the browser drops it a minute before it expires. */
  readonly session: string | undefined;
  /** Good once for the next access token. */
  readonly refresh: string | undefined;
}

const VISITOR = 'relearn_visitor';
const SESSION = 'relearn_session';
const REFRESH = 'relearn_refresh';
const SESSION_MARGIN_MS = 60_000;

export const VISITOR_LIFE_MS = 365 * 86_400_000;

export function readCookies(header: string | undefined): BrowserCookies {
  const { [VISITOR]: visitor, [SESSION]: session, [REFRESH]: refresh } = parseCookie(header ?? '');
  return { visitor: visitor || undefined, session: session || undefined, refresh: refresh || undefined };
}

export interface SessionTokens {
  readonly accessToken: string;
  readonly accessExpiresAtMs: number;
  readonly refreshToken: string;
  readonly refreshExpiresAtMs: number;
}

/** Writes `Set-Cookie` headers. */
export class CookieWriter {
  readonly #secure: boolean;
  readonly #clock: () => number;

  /** @param secure - Whether browsers reach the shop over https. */
  constructor({ secure, clock }: { secure: boolean; clock: () => number }) {
    this.#secure = secure;
    this.#clock = clock;
  }

  visitor(token: string): string {
    return this.#write(VISITOR, token, VISITOR_LIFE_MS);
  }

  session({ accessToken, accessExpiresAtMs, refreshToken, refreshExpiresAtMs }: SessionTokens): string[] {
    const nowMs = this.#clock();
    return [
      this.#write(SESSION, accessToken, accessExpiresAtMs - nowMs - SESSION_MARGIN_MS),
      this.#write(REFRESH, refreshToken, refreshExpiresAtMs - nowMs),
    ];
  }

  /** Takes both tokens of a session back. */
  noSession(): string[] {
    return [this.#write(SESSION, '', 0), this.#write(REFRESH, '', 0)];
  }

  #write(name: string, value: string, lifeMs: number): string {
    const attributes = { path: '/', httpOnly: true, sameSite: 'lax', secure: this.#secure } as const;
    const cookie: SetCookie = { name, value, maxAge: Math.max(0, Math.floor(lifeMs / 1_000)), ...attributes };
    return stringifySetCookie(cookie);
  }
}
