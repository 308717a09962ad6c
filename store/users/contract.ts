import { contract, event, operation, problem, type Static, t } from 'relearn';

const atMs = t.Integer({ description: 'Ms since the epoch' });
const id = t.String({ minLength: 1, maxLength: 128 });
const email = t.String({
  maxLength: 254,
  pattern: '^[^\\s@<>"(),:;\\\\[\\]]+@[^\\s@<>"(),:;\\\\[\\]]+\\.[^\\s@<>"(),:;\\\\[\\]]+$',
});
const name = t.String({ maxLength: 200 });
const password = t.String({ minLength: 1, maxLength: 1_000 });
const linkToken = t.String({
  minLength: 1,
  maxLength: 200,
  description: 'What stands behind `#token=` in the mailed link',
});
const nothing = t.Object({});

export const roles = ['shopper', 'operator'] as const;
const role = t.Enum([...roles]);

export const user = t.Object({
  id: t.String(),
  email: t.String(),
  name,
  role,
  createdAtMs: atMs,
});

export const session = t.Object({
  id: t.String(),
  device: t.String({ description: 'How the browser named itself at sign-in' }),
  createdAtMs: atMs,
  refreshedAtMs: atMs,
  expiresAtMs: atMs,
  current: t.Boolean({ description: 'Whether it is the caller’s own' }),
});

/** As an order takes it. */
export const address = t.Object({
  name: t.String({ minLength: 1, maxLength: 200 }),
  street: t.String({ minLength: 1, maxLength: 300 }),
  postalCode: t.String({ minLength: 1, maxLength: 20 }),
  city: t.String({ minLength: 1, maxLength: 100 }),
  region: t.Optional(t.String({ maxLength: 100 })),
  country: t.String({ pattern: '^[A-Z]{2}$', description: 'ISO 3166-1 alpha-2' }),
});

const addressId = t.String({ pattern: '^[A-Za-z0-9_-]{1,64}$', description: 'Made up by the caller' });
export const keptAddress = t.Object({ id: t.String(), ...address.properties });

/** What a sign-in and each refresh give: for the gateway, which keeps them from scripts. */
export const tokens = t.Object({
  userId: t.String(),
  sessionId: t.String(),
  role,
  accessToken: t.String({ description: 'JWT, EdDSA' }),
  accessExpiresAtMs: atMs,
  refreshToken: t.String({ description: 'Good once; each refresh gives the next' }),
  refreshExpiresAtMs: atMs,
});

export const apiKey = t.Object({
  id: t.String(),
  name: t.String(),
  prefix: t.String({ description: 'How the key begins, to know it by' }),
  scopes: t.Array(t.String()),
  createdAtMs: atMs,
  usedAtMs: t.Union([atMs, t.Null()], { description: 'When it was last exchanged' }),
  revokedAtMs: t.Union([atMs, t.Null()]),
});

export const mail = t.Object({
  id: t.String(),
  to: t.String(),
  subject: t.String(),
  text: t.String(),
  atMs,
});

export type User = Static<typeof user>;
export type Role = User['role'];
export type Session = Static<typeof session>;
export type Address = Static<typeof address>;
export type KeptAddress = Static<typeof keptAddress>;
export type Tokens = Static<typeof tokens>;
export type ApiKey = Static<typeof apiKey>;
export type Mail = Static<typeof mail>;

export const credentialsInvalid = problem({
  code: 'users.credentials-invalid',
  status: 401,
  title: 'E-mail and password do not belong together; correct them, or reset the password.',
});
export const sessionEnded = problem({
  code: 'users.session-ended',
  status: 401,
  title: 'This session has ended; sign in again.',
});
export const attemptsTooMany = problem({
  code: 'users.attempts-too-many',
  status: 429,
  title: 'There were too many attempts; wait a while.',
  data: t.Object({ retryAfterMs: t.Integer() }),
});
export const signInBusy = problem({
  code: 'users.sign-in-busy',
  status: 503,
  title: 'Too many passwords wait to be checked; try again in a moment.',
});
export const passwordWeak = problem({
  code: 'users.password-weak',
  status: 422,
  title: 'This password is easily guessed; take another one.',
  data: t.Object({ reason: t.Enum(['too-short', 'too-long', 'too-common', 'like-the-email']) }),
});
export const emailInvalid = problem({
  code: 'users.email-invalid',
  status: 422,
  title: 'No mail can be sent to this address; correct it.',
});
export const linkInvalid = problem({
  code: 'users.link-invalid',
  status: 410,
  title: 'This link was used, has expired or was never sent; ask for a new one.',
});
export const userMissing = problem({
  code: 'users.user-missing',
  status: 422,
  title: 'The caller is nobody who has an account; call as a person who signed in.',
});
export const userNotFound = problem({ code: 'users.user-not-found', status: 404, title: 'There is no such user.' });
export const emailTaken = problem({
  code: 'users.email-taken',
  status: 409,
  title: 'A user has this e-mail address already.',
});
export const idTaken = problem({ code: 'users.id-taken', status: 409, title: 'A user has this id already.' });
export const lastOperator = problem({
  code: 'users.last-operator',
  status: 409,
  title: 'Somebody must stay operator; make another user one first.',
});
export const sessionNotFound = problem({
  code: 'users.session-not-found',
  status: 404,
  title: 'The caller has no session with this id.',
});
export const addressNotFound = problem({
  code: 'users.address-not-found',
  status: 404,
  title: 'The caller has no address with this id.',
});
export const addressesTooMany = problem({
  code: 'users.addresses-too-many',
  status: 409,
  title: 'No more addresses are kept for one user; remove one first.',
});
export const apiKeyInvalid = problem({
  code: 'users.api-key-invalid',
  status: 401,
  title: 'This API key is unknown or was revoked; ask the shop for another one.',
});
export const apiKeyNotFound = problem({
  code: 'users.api-key-not-found',
  status: 404,
  title: 'No API key has this id.',
});
export const scopeRefused = problem({
  code: 'users.scope-refused',
  status: 422,
  title: 'Users, their sessions and keys are not open to partners; leave the scopes of this service out.',
});

/** Every service forgets what it keeps of this user, and of the guest they were in browsers they signed in with. */
export const userDeleted = event({
  type: 'user.deleted.v1',
  summary: 'A user deleted their account: forget them',
  payload: t.Object({ userId: t.String(), visitorIds: t.Array(t.String()), deletedAtMs: atMs }),
  key: ({ userId }) => userId,
});

/** What every operation of a signed-in person may answer. */
const signedIn = [sessionEnded, userMissing] as const;
const byId = t.Object({ id });
const byAddressId = t.Object({ id: addressId });

export const usersContract = contract({
  name: 'users',
  title: 'Users',
  description:
    'Accounts: who someone is, where they are signed in, where things are sent. No answer that a stranger can get says whether an e-mail address has an account.',
  version: '1.0.0',
  operations: {
    signUp: operation({
      method: 'POST',
      path: '/sign-ups',
      summary: 'Ask for an account: a link is mailed, behind which a password is chosen',
      description: 'The answer is the same when the address has an account; its owner is then told by mail.',
      access: 'public',
      idempotency: 'none',
      status: 202,
      body: t.Object({ email }),
      reply: nothing,
      errors: [emailInvalid, attemptsTooMany],
    }),
    confirmSignUp: operation({
      method: 'POST',
      path: '/sign-ups/confirm',
      summary: 'Open the account that the mailed link is for; sign in next',
      access: 'public',
      idempotency: 'none',
      status: 201,
      body: t.Object({ token: linkToken, password, name: t.Optional(name) }),
      reply: user,
      errors: [linkInvalid, passwordWeak, signInBusy],
    }),
    signIn: operation({
      method: 'POST',
      path: '/sessions',
      summary: 'Begin a session; for the gateway, which says where the request came from',
      description: 'Takes as long, and answers the same, for an address without an account.',
      access: 'service',
      idempotency: 'none',
      status: 201,
      body: t.Object({
        email: t.String({ maxLength: 254 }),
        password,
        address: t.String({ maxLength: 64, description: 'IP address of the person' }),
        device: t.Optional(t.String({ maxLength: 300, description: 'How the browser names itself' })),
        visitorId: t.Optional(t.String({ maxLength: 128, description: 'The guest they were until now' })),
      }),
      reply: tokens,
      errors: [credentialsInvalid, attemptsTooMany, signInBusy],
    }),
    refresh: operation({
      method: 'POST',
      path: '/sessions/refresh',
      summary: 'New tokens for a refresh token, which is good once',
      description:
        'A refresh token that comes a second time ends its session, even when both come at once: ask once at a time for each session, and do not retry.',
      access: 'service',
      idempotency: 'none',
      body: t.Object({ refreshToken: t.String({ maxLength: 300 }) }),
      reply: tokens,
      errors: [sessionEnded],
    }),
    signOut: operation({
      method: 'POST',
      path: '/sessions/sign-out',
      summary: 'End the session of a refresh token, and that session alone',
      access: 'service',
      idempotency: 'safe',
      body: t.Object({ refreshToken: t.String({ maxLength: 300 }) }),
      reply: nothing,
    }),
    listSessions: operation({
      method: 'GET',
      path: '/me/sessions',
      summary: 'Where the caller is signed in, the latest first',
      access: 'shopper',
      idempotency: 'safe',
      reply: t.Object({ sessions: t.Array(session) }),
      errors: signedIn,
    }),
    endSession: operation({
      method: 'DELETE',
      path: '/me/sessions/:id',
      summary: 'End one of the caller’s sessions',
      access: 'shopper',
      idempotency: 'safe',
      params: byId,
      reply: nothing,
      errors: [...signedIn, sessionNotFound],
    }),
    endOtherSessions: operation({
      method: 'DELETE',
      path: '/me/sessions',
      summary: 'End all the caller’s sessions but this one',
      access: 'shopper',
      idempotency: 'safe',
      reply: t.Object({ ended: t.Integer() }),
      errors: signedIn,
    }),
    getMe: operation({
      method: 'GET',
      path: '/me',
      summary: 'The caller',
      access: 'shopper',
      idempotency: 'safe',
      reply: user,
      errors: signedIn,
    }),
    changeMe: operation({
      method: 'PATCH',
      path: '/me',
      summary: 'Change the caller’s name',
      access: 'shopper',
      idempotency: 'safe',
      body: t.Object({ name }),
      reply: user,
      errors: signedIn,
    }),
    changeEmail: operation({
      method: 'POST',
      path: '/me/email-change',
      summary: 'Ask for another e-mail address: a link is mailed to it',
      description:
        'The address changes when the link is followed. The answer is the same when somebody has the address.',
      access: 'shopper',
      idempotency: 'none',
      status: 202,
      body: t.Object({ email, password }),
      reply: nothing,
      errors: [...signedIn, credentialsInvalid, emailInvalid, attemptsTooMany, signInBusy],
    }),
    confirmEmail: operation({
      method: 'POST',
      path: '/email-changes/confirm',
      summary: 'Change the e-mail address to the one that the mailed link was sent to',
      access: 'public',
      idempotency: 'none',
      body: t.Object({ token: linkToken }),
      reply: nothing,
      errors: [linkInvalid],
    }),
    requestPasswordReset: operation({
      method: 'POST',
      path: '/password-resets',
      summary: 'Ask for a link behind which a new password is chosen',
      description: 'The answer is the same when no account has this address; no mail is sent then.',
      access: 'public',
      idempotency: 'none',
      status: 202,
      body: t.Object({ email }),
      reply: nothing,
      errors: [emailInvalid, attemptsTooMany],
    }),
    resetPassword: operation({
      method: 'POST',
      path: '/password-resets/confirm',
      summary: 'Set the password of the account that the mailed link is for; all its sessions end',
      access: 'public',
      idempotency: 'none',
      body: t.Object({ token: linkToken, password }),
      reply: nothing,
      errors: [linkInvalid, passwordWeak, signInBusy],
    }),
    changePassword: operation({
      method: 'POST',
      path: '/me/password',
      summary: 'Change the caller’s password; all other sessions end',
      access: 'shopper',
      idempotency: 'none',
      body: t.Object({ currentPassword: password, newPassword: password }),
      reply: nothing,
      errors: [...signedIn, credentialsInvalid, passwordWeak, attemptsTooMany, signInBusy],
    }),
    listAddresses: operation({
      method: 'GET',
      path: '/me/addresses',
      summary: 'The caller’s addresses, the oldest first',
      access: 'shopper',
      idempotency: 'safe',
      reply: t.Object({ addresses: t.Array(keptAddress) }),
      errors: signedIn,
    }),
    putAddress: operation({
      method: 'PUT',
      path: '/me/addresses/:id',
      summary: 'Add or replace an address; up to 20 are kept',
      access: 'shopper',
      idempotency: 'safe',
      params: byAddressId,
      body: address,
      reply: keptAddress,
      errors: [...signedIn, addressesTooMany],
    }),
    removeAddress: operation({
      method: 'DELETE',
      path: '/me/addresses/:id',
      summary: 'Forget an address',
      access: 'shopper',
      idempotency: 'safe',
      params: byAddressId,
      reply: nothing,
      errors: [...signedIn, addressNotFound],
    }),
    exportData: operation({
      method: 'GET',
      path: '/me/export',
      summary: 'All that this service keeps of the caller, secrets left out',
      access: 'shopper',
      idempotency: 'safe',
      reply: t.Object({
        user,
        addresses: t.Array(keptAddress),
        sessions: t.Array(session),
        visitorIds: t.Array(t.String(), { description: 'The guests they were in browsers they signed in with' }),
        mailWaiting: t.Array(t.Object({ about: t.String(), to: t.String(), askedAtMs: atMs })),
        exportedAtMs: atMs,
      }),
      errors: signedIn,
    }),
    deleteMe: operation({
      method: 'POST',
      path: '/me/deletion',
      summary: 'Delete the caller’s account for good, here and in every service',
      description: 'A repeat, once the account is gone, changes nothing and is answered the same.',
      access: 'shopper',
      idempotency: 'safe',
      body: t.Object({ password }),
      reply: nothing,
      errors: [...signedIn, credentialsInvalid, lastOperator, attemptsTooMany, signInBusy],
    }),
    createUser: operation({
      method: 'POST',
      path: '/users',
      summary: 'Open an account for an address that is known to be its owner’s',
      access: 'operator',
      idempotency: 'none',
      status: 201,
      body: t.Object({
        email,
        password,
        name: t.Optional(name),
        role: t.Optional(role),
        id: t.Optional(
          t.String({
            pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$',
            description: 'Under which other services know them already; made up when absent',
          }),
        ),
      }),
      reply: user,
      errors: [emailInvalid, emailTaken, idTaken, passwordWeak, signInBusy],
    }),
    findUser: operation({
      method: 'GET',
      path: '/users',
      summary: 'The user with this e-mail address',
      access: 'operator',
      idempotency: 'safe',
      query: t.Object({ email: t.String({ maxLength: 254 }) }),
      reply: user,
      errors: [userNotFound],
    }),
    setRole: operation({
      method: 'PUT',
      path: '/users/:id/role',
      summary: 'Make a user operator or shopper; their sessions end',
      access: 'operator',
      idempotency: 'safe',
      params: byId,
      body: t.Object({ role }),
      reply: user,
      errors: [userNotFound, lastOperator],
    }),
    createApiKey: operation({
      method: 'POST',
      path: '/api-keys',
      summary: 'Give a partner a key; it is shown this once',
      access: 'operator',
      idempotency: 'none',
      status: 201,
      body: t.Object({
        name: t.String({ minLength: 1, maxLength: 100 }),
        scopes: t.Array(
          t.String({ pattern: '^[a-z][a-z0-9-]*\\.(read|write)$', description: '`catalog.read`, `orders.write`' }),
          { minItems: 1, maxItems: 50 },
        ),
      }),
      reply: t.Object({ ...apiKey.properties, key: t.String() }),
      errors: [scopeRefused],
    }),
    listApiKeys: operation({
      method: 'GET',
      path: '/api-keys',
      summary: 'All keys, the latest first, revoked ones included',
      access: 'operator',
      idempotency: 'safe',
      reply: t.Object({ apiKeys: t.Array(apiKey) }),
    }),
    revokeApiKey: operation({
      method: 'DELETE',
      path: '/api-keys/:id',
      summary: 'Revoke a key: its tokens run out within five minutes',
      access: 'operator',
      idempotency: 'safe',
      params: byId,
      reply: apiKey,
      errors: [apiKeyNotFound],
    }),
    exchangeApiKey: operation({
      method: 'POST',
      path: '/api-keys/exchange',
      summary: 'A short partner token for an API key; for the gateway',
      access: 'service',
      idempotency: 'safe',
      body: t.Object({ key: t.String({ maxLength: 200 }) }),
      reply: t.Object({
        keyId: t.String(),
        scopes: t.Array(t.String()),
        accessToken: t.String({ description: 'JWT, EdDSA' }),
        accessExpiresAtMs: atMs,
      }),
      errors: [apiKeyInvalid],
    }),
    listMail: operation({
      method: 'GET',
      path: '/mail',
      summary: 'The development mailbox, the latest first: what would be sent if SMTP_URL were set',
      access: 'operator',
      idempotency: 'safe',
      query: t.Object({
        to: t.Optional(t.String({ maxLength: 254 })),
        limit: t.Optional(t.Integer({ minimum: 1, maximum: 200, default: 50 })),
      }),
      reply: t.Object({ mail: t.Array(mail) }),
    }),
    rotateKeys: operation({
      method: 'POST',
      path: '/keys/rotations',
      summary: 'Sign with the next key from now on; tokens of the old one stay good until they expire',
      access: 'operator',
      idempotency: 'none',
      reply: t.Object({ keyIds: t.Array(t.String(), { description: 'Those published: the one that signs first' }) }),
    }),
  },
  events: { userDeleted },
});
