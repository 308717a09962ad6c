import { randomUUID } from 'node:crypto';
import { type HandlersOf, ProblemError } from 'relearn';
import {
  type Account,
  accountByEmail,
  accountById,
  deleteAccount,
  insertAccount,
  isLastOperator,
  setEmail,
  setName,
  setPasswordHash,
  userOf,
  visitorIdsOf,
} from './accounts.ts';
import { listAddresses } from './addresses.ts';
import { askForLink } from './ask-for-link.ts';
import { lastOperator, linkInvalid, userDeleted, type usersContract } from './contract.ts';
import { normalEmail } from './email.ts';
import { findLink, type Link, type LinkPurpose, linksOf, takeLink } from './links.ts';
import { forgetMail } from './mailer.ts';
import type { UsersParts } from './parts.ts';
import { checkPassword } from './password-policy.ts';
import { endSessions, liveSessions, sessionOf } from './sessions.ts';
import { personOf, provePassword, signedIn } from './signed-in.ts';

type Handlers = Pick<
  HandlersOf<typeof usersContract>,
  | 'signUp'
  | 'confirmSignUp'
  | 'getMe'
  | 'changeMe'
  | 'changeEmail'
  | 'confirmEmail'
  | 'requestPasswordReset'
  | 'resetPassword'
  | 'changePassword'
  | 'exportData'
  | 'deleteMe'
>;

/** How accounts begin, change and end. */
export function accountHandlers(parts: UsersParts): Handlers {
  const { store, clock, passwords, mailer, letters } = parts;

  async function openLink(purpose: LinkPurpose, token: string): Promise<Link> {
    return known(await findLink(store, purpose, token, clock()));
  }

  return {
    signUp: async ({ body }, call) => {
      await askForLink(parts, call, { purpose: 'sign-up', email: normalEmail(body.email), userId: null });
      return {};
    },

    confirmSignUp: async ({ body: { token, password, name = '' } }) => {
      const { email } = await openLink('sign-up', token);
      checkPassword(password, { email, name });
      const passwordHash = await passwords.hash(password);
      return store.transact(async (tx) => {
        known(await takeLink(tx, 'sign-up', token, clock()));
        const account = newAccount({ email, name, passwordHash, createdAtMs: clock() });
        if (!(await insertAccount(tx, account))) throw new ProblemError(linkInvalid);
        return userOf(account);
      });
    },

    getMe: async (_request, { caller }) => userOf((await signedIn(parts, caller)).account),

    changeMe: async ({ body: { name } }, { caller }) => {
      const { account } = await signedIn(parts, caller);
      await store.transact((tx) => setName(tx, account.id, name));
      return userOf({ ...account, name });
    },

    changeEmail: async ({ body }, call) => {
      const { account } = await signedIn(parts, call.caller);
      const email = normalEmail(body.email);
      await provePassword(parts, account, body.password);
      await askForLink(parts, call, { purpose: 'email-change', email, userId: account.id });
      return {};
    },

    confirmEmail: ({ body: { token } }) =>
      store.transact(async (tx) => {
        const { email, userId } = known(await takeLink(tx, 'email-change', token, clock()));
        const account = userId === null ? undefined : await accountById(tx, userId);
        const isTaken = (await accountByEmail(tx, email)) !== undefined;
        if (account === undefined || isTaken) throw new ProblemError(linkInvalid);
        await setEmail(tx, account.id, email);
        await mailer.write(tx, letters.emailChanged(account.email, email));
        return {};
      }),

    requestPasswordReset: async ({ body }, call) => {
      await askForLink(parts, call, { purpose: 'password-reset', email: normalEmail(body.email), userId: null });
      return {};
    },

    resetPassword: async ({ body: { token, password } }) => {
      const { userId } = await openLink('password-reset', token);
      const account = known(userId === null ? undefined : await accountById(store, userId));
      checkPassword(password, account);
      const passwordHash = await passwords.hash(password);
      return store.transact(async (tx) => {
        known(await takeLink(tx, 'password-reset', token, clock()));
        await setPasswordHash(tx, account.id, passwordHash);
        await endSessions(tx, account.id);
        await mailer.write(tx, letters.passwordChanged(account.email));
        return {};
      });
    },

    changePassword: async ({ body: { currentPassword, newPassword } }, { caller }) => {
      const { account, sessionId } = await signedIn(parts, caller);
      await provePassword(parts, account, currentPassword);
      checkPassword(newPassword, account);
      const passwordHash = await passwords.hash(newPassword);
      await store.transact(async (tx) => {
        await setPasswordHash(tx, account.id, passwordHash);
        await endSessions(tx, account.id, { but: sessionId });
        await mailer.write(tx, letters.passwordChanged(account.email));
      });
      return {};
    },

    exportData: async (_request, { caller }) => {
      const { account, sessionId } = await signedIn(parts, caller);
      const nowMs = clock();
      const links = await linksOf(store, account.id, nowMs);
      return {
        user: userOf(account),
        addresses: await listAddresses(store, account.id),
        sessions: (await liveSessions(store, account.id, nowMs)).map((session) => sessionOf(session, sessionId)),
        visitorIds: await visitorIdsOf(store, account.id),
        mailWaiting: links.map(({ purpose, email, askedAtMs }) => ({ about: purpose, to: email, askedAtMs })),
        exportedAtMs: nowMs,
      };
    },

    deleteMe: async ({ body: { password } }, { caller }) => {
      if ((await accountById(store, personOf(caller).userId)) === undefined) return {};
      const { account } = await signedIn(parts, caller);
      await provePassword(parts, account, password);
      return store.transact(async (tx) => {
        if (await isLastOperator(tx, account)) throw new ProblemError(lastOperator);
        const visitorIds = await visitorIdsOf(tx, account.id);
        await deleteAccount(tx, account.id);
        await forgetMail(tx, account.email);
        await tx.publish(userDeleted, { userId: account.id, visitorIds, deletedAtMs: clock() });
        return {};
      });
    },
  };
}

/** An account of a shopper, unless said otherwise. */
export function newAccount(given: Omit<Account, 'id' | 'role'> & Partial<Pick<Account, 'id' | 'role'>>): Account {
  return { id: randomUUID(), role: 'shopper', ...given };
}

/** @throws ProblemError `users.link-invalid`. */
function known<T>(found: T | undefined): T {
  if (found === undefined) throw new ProblemError(linkInvalid);
  return found;
}
