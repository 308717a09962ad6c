import { type HandlersOf, ProblemError } from 'relearn';
import { newAccount } from './account-handlers.ts';
import { accountByEmail, accountById, insertAccount, isLastOperator, setAccountRole, userOf } from './accounts.ts';
import { insertApiKey, listApiKeys, revokeApiKey, useApiKey } from './api-keys.ts';
import {
  apiKeyInvalid,
  apiKeyNotFound,
  emailTaken,
  idTaken,
  lastOperator,
  scopeRefused,
  userNotFound,
  type usersContract,
} from './contract.ts';
import { normalEmail } from './email.ts';
import type { UsersParts } from './parts.ts';
import { checkPassword } from './password-policy.ts';
import { endSessions } from './sessions.ts';

type Handlers = Pick<
  HandlersOf<typeof usersContract>,
  | 'createUser'
  | 'findUser'
  | 'setRole'
  | 'createApiKey'
  | 'listApiKeys'
  | 'revokeApiKey'
  | 'exchangeApiKey'
  | 'listMail'
  | 'rotateKeys'
>;

/** What operators do for others: accounts, roles, partners' keys, and the keys that sign. */
export function operatorHandlers({ store, clock, passwords, tokens, mailer, keys }: UsersParts): Handlers {
  return {
    createUser: async ({ body: { email: typed, password, name = '', role = 'shopper', id } }) => {
      const email = normalEmail(typed);
      checkPassword(password, { email, name });
      const passwordHash = await passwords.hash(password);
      const account = newAccount({
        email,
        name,
        role,
        passwordHash,
        createdAtMs: clock(),
        ...(id !== undefined && { id }),
      });
      await store.transact(async (tx) => {
        if ((await accountById(tx, account.id)) !== undefined) throw new ProblemError(idTaken);
        if (!(await insertAccount(tx, account))) throw new ProblemError(emailTaken);
      });
      return userOf(account);
    },

    findUser: async ({ query: { email } }) => {
      const account = await accountByEmail(store, email.normalize('NFC').trim().toLowerCase());
      if (account === undefined) throw new ProblemError(userNotFound);
      return userOf(account);
    },

    setRole: ({ params: { id }, body: { role } }) =>
      store.transact(async (tx) => {
        const account = await accountById(tx, id);
        if (account === undefined) throw new ProblemError(userNotFound);
        if (account.role === role) return userOf(account);
        if (await isLastOperator(tx, account)) throw new ProblemError(lastOperator);
        await setAccountRole(tx, id, role);
        await endSessions(tx, id);
        return userOf({ ...account, role });
      }),

    createApiKey: ({ body }) => {
      if (body.scopes.some((scope) => scope.startsWith('users.'))) throw new ProblemError(scopeRefused);
      return store.transact((tx) => insertApiKey(tx, body, clock()));
    },

    listApiKeys: async () => ({ apiKeys: await listApiKeys(store) }),

    revokeApiKey: async ({ params: { id } }) => {
      const revoked = await store.transact((tx) => revokeApiKey(tx, id, clock()));
      if (revoked === undefined) throw new ProblemError(apiKeyNotFound);
      return revoked;
    },

    exchangeApiKey: async ({ body: { key } }) => {
      const found = await useApiKey(store, key, clock());
      if (found === undefined) throw new ProblemError(apiKeyInvalid);
      const { id: keyId, scopes } = found;
      return { keyId, scopes, ...(await tokens.ofPartner(keyId, scopes)) };
    },

    listMail: async ({ query: { to, limit = 50 } }) => ({ mail: await mailer.list({ to, limit }) }),

    rotateKeys: async () => {
      await keys.rotate();
      const { keys: published } = await keys.keySet();
      return { keyIds: published.map(({ kid }) => kid) };
    },
  };
}
