import { type CallContext, type Caller, type ClientOf, type HandlersOf, ProblemError, type Static } from 'relearn';
import { attemptsTooMany, credentialsInvalid, type usersContract } from '../users/contract.ts';
import type { Browsers } from './browsers.ts';
import { type gatewayContract, problems, type session } from './contract.ts';
import { type CookieWriter, readCookies } from './cookies.ts';
import type { RefreshedSessions } from './refreshed-sessions.ts';

type Session = Static<typeof session>;

export interface SessionParts {
  readonly users: ClientOf<typeof usersContract>;
  readonly browsers: Browsers;
  readonly sessions: RefreshedSessions;
  readonly writer: CookieWriter;
}

type Handlers = Pick<HandlersOf<typeof gatewayContract>, 'getSession' | 'signIn' | 'signOut'>;

export function sessionHandlers({ users, browsers, sessions, writer }: SessionParts): Handlers {
  async function becomeGuest(call: CallContext): Promise<Session> {
    const { visitorId, cookies } = await browsers.newGuest();
    setCookies(call, cookies);
    return { kind: 'guest', visitorId };
  }

  /** Ends the session that the browser has, if any. */
  async function endSession(cookie: string | undefined): Promise<void> {
    const { refresh } = readCookies(cookie);
    if (refresh === undefined) return;
    const newest = (await sessions.tokensFor(refresh))?.refreshToken;
    if (newest !== undefined) await users.signOut({ body: { refreshToken: newest } });
    sessions.forget(refresh);
  }

  return {
    getSession: async (_request, call) => {
      const known = sessionOf(call.caller);
      if (known === undefined) return becomeGuest(call);
      if (known.kind === 'guest') setCookies(call, [await browsers.keepGuest(known.visitorId!)]);
      return known;
    },

    signIn: async ({ body, headers }, call) => {
      const { visitorId } = sessionOf(call.caller) ?? {};
      const device = headers['user-agent']?.slice(0, 300);
      const tokens = await users
        .signIn({
          body: {
            ...body,
            address: call.address ?? 'here',
            ...(device !== undefined && { device }),
            ...(visitorId !== undefined && { visitorId }),
          },
        })
        .catch(refuse);
      await endSession(headers.cookie).catch(() => call.log.warn('The session before could not be ended'));
      setCookies(call, writer.session(tokens));
      const { userId, sessionId, role: kind } = tokens;
      return { kind, userId, sessionId, ...(visitorId !== undefined && { visitorId }) };
    },

    signOut: async ({ headers }, call) => {
      await endSession(headers.cookie).catch(refuse);
      setCookies(call, writer.noSession());
      return becomeGuest(call);
    },
  };
}

/** Undefined for whom no browser stands. */
function sessionOf(caller: Caller): Session | undefined {
  if (caller.kind === 'guest') return caller;
  return caller.kind === 'shopper' || caller.kind === 'operator' ? caller : undefined;
}

function setCookies(call: CallContext, cookies: readonly string[]): void {
  for (const cookie of cookies) call.replyHeader('set-cookie', cookie);
}

/** Says what users said in words of the gateway's own contract. */
function refuse(error: unknown): never {
  if (!(error instanceof ProblemError)) throw error;
  if (error.code === credentialsInvalid.code) throw new ProblemError(problems.credentialsRefused);
  if (error.code === attemptsTooMany.code) {
    throw new ProblemError(problems.attemptsTooMany, { data: error.data as { retryAfterMs: number } });
  }
  throw new ProblemError(problems.signInUnavailable, { cause: error });
}
