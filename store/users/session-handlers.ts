import { type HandlersOf, ProblemError } from 'relearn';
import type { TokenOwner } from './access-tokens.ts';
import { accountByEmail, accountById, addVisitor } from './accounts.ts';
import { credentialsInvalid, sessionEnded, sessionNotFound, type Tokens, type usersContract } from './contract.ts';
import type { UsersParts } from './parts.ts';
import {
  beginSession,
  endSession,
  endSessions,
  liveSessions,
  readRefreshToken,
  renewSession,
  SESSION_LIFE_MS,
  sessionOf,
  sessionOfToken,
} from './sessions.ts';
import { signedIn } from './signed-in.ts';

type Handlers = Pick<
  HandlersOf<typeof usersContract>,
  'signIn' | 'refresh' | 'signOut' | 'listSessions' | 'endSession' | 'endOtherSessions'
>;

/** How sessions begin, go on and end. */
export function sessionHandlers(parts: UsersParts): Handlers {
  const { store, clock, passwords, tokens, limits } = parts;

  async function tokensFor(owner: TokenOwner, refreshToken: string, nowMs: number): Promise<Tokens> {
    const { userId, sessionId, role } = owner;
    const access = await tokens.ofUser(owner);
    return { userId, sessionId, role, ...access, refreshToken, refreshExpiresAtMs: nowMs + SESSION_LIFE_MS };
  }

  return {
    signIn: async ({ body: { email: typed, password, address, device = '', visitorId = null } }) => {
      // An address that nobody could have still takes as long.
      const email = typed.normalize('NFC').trim().toLowerCase();
      limits.signIns.count(address);
      limits.passwords.count(email);
      const account = await accountByEmail(store, email);
      const isPassword = await passwords.isPassword(password, account?.passwordHash);
      if (account === undefined || !isPassword) throw new ProblemError(credentialsInvalid);
      limits.passwords.forget(email);
      const nowMs = clock();
      const begun = await store.transact(async (tx) => {
        // The password may have changed, or the account gone, while it was checked.
        const { passwordHash } = (await accountById(tx, account.id)) ?? {};
        if (passwordHash !== account.passwordHash) throw new ProblemError(credentialsInvalid);
        if (visitorId !== null) await addVisitor(tx, account.id, visitorId);
        return beginSession(tx, { userId: account.id, visitorId, device }, nowMs);
      });
      const owner = { userId: account.id, role: account.role, sessionId: begun.sessionId, visitorId };
      return tokensFor(owner, begun.refreshToken, nowMs);
    },

    refresh: async ({ body }) => {
      const token = readRefreshToken(body.refreshToken);
      const nowMs = clock();
      const renewed = await store.transact(async (tx) => {
        const found = token && (await sessionOfToken(tx, token, nowMs));
        if (found === undefined) return undefined;
        const { session, isNewest } = found;
        // One that was used before is in two hands, and nobody can say which of them is the user's.
        if (!isNewest) return void (await endSession(tx, session.userId, session.id));
        const account = await accountById(tx, session.userId);
        return account && { session, account, refreshToken: await renewSession(tx, session.id, nowMs) };
      });
      if (renewed === undefined) throw new ProblemError(sessionEnded);
      const { session, account, refreshToken } = renewed;
      const owner = { userId: account.id, role: account.role, sessionId: session.id, visitorId: session.visitorId };
      return tokensFor(owner, refreshToken, nowMs);
    },

    signOut: async ({ body }) => {
      const token = readRefreshToken(body.refreshToken);
      await store.transact(async (tx) => {
        const found = token && (await sessionOfToken(tx, token, clock()));
        if (found !== undefined) await endSession(tx, found.session.userId, found.session.id);
      });
      return {};
    },

    listSessions: async (_request, { caller }) => {
      const { account, sessionId } = await signedIn(parts, caller);
      const sessions = await liveSessions(store, account.id, clock());
      return { sessions: sessions.map((session) => sessionOf(session, sessionId)) };
    },

    endSession: async ({ params: { id } }, { caller }) => {
      const { account } = await signedIn(parts, caller);
      const isEnded = await store.transact((tx) => endSession(tx, account.id, id));
      if (!isEnded) throw new ProblemError(sessionNotFound);
      return {};
    },

    endOtherSessions: async (_request, { caller }) => {
      const { account, sessionId } = await signedIn(parts, caller);
      return { ended: await store.transact((tx) => endSessions(tx, account.id, { but: sessionId })) };
    },
  };
}
