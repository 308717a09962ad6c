import { contract, operation, problem, t } from 'relearn';

export const requestForged = problem({
  code: 'gateway.request-forged',
  status: 403,
  title: 'This request came from the page of another site; open the shop itself.',
});
export const bodyTooLarge = problem({
  code: 'gateway.body-too-large',
  status: 413,
  title: 'The body is larger than anything the shop takes; send less at once.',
  data: t.Object({ bytesMax: t.Integer() }),
});
const credentialsRefused = problem({
  code: 'gateway.credentials-refused',
  status: 401,
  title: 'E-mail and password do not belong together; correct them, or reset the password.',
});
const attemptsTooMany = problem({
  code: 'gateway.attempts-too-many',
  status: 429,
  title: 'There were too many attempts; wait a while.',
  data: t.Object({ retryAfterMs: t.Integer() }),
});
const signInUnavailable = problem({
  code: 'gateway.sign-in-unavailable',
  status: 503,
  title: 'Nobody can sign in or out just now; try again in a moment.',
});

export const problems = { credentialsRefused, attemptsTooMany, signInUnavailable };

export const session = t.Object({
  kind: t.Enum(['guest', 'shopper', 'operator']),
  visitorId: t.Optional(t.String({ description: 'The guest that this browser is, or was' })),
  userId: t.Optional(t.String()),
  sessionId: t.Optional(t.String()),
});

const cookieHeaders = t.Object({
  cookie: t.Optional(t.String()),
  'user-agent': t.Optional(t.String()),
});

export const gatewayContract = contract({
  name: 'gateway',
  title: 'Gateway',
  description:
    'The one origin for browsers and partners. Cookies stand for sessions, `Authorization: Bearer rk_…` or `X-Api-Key` for partners; scripts never see a token.',
  version: '1.0.0',
  operations: {
    getSession: operation({
      method: 'GET',
      path: '/session',
      summary: 'Who the browser is; one that comes for the first time becomes a guest',
      access: 'public',
      idempotency: 'safe',
      reply: session,
    }),
    signIn: operation({
      method: 'POST',
      path: '/session',
      summary: 'Sign in; the session is kept in cookies that scripts cannot read',
      access: 'public',
      idempotency: 'none',
      headers: cookieHeaders,
      body: t.Object({
        email: t.String({ maxLength: 254 }),
        password: t.String({ minLength: 1, maxLength: 1_000 }),
      }),
      reply: session,
      errors: [credentialsRefused, attemptsTooMany, signInUnavailable],
    }),
    signOut: operation({
      method: 'DELETE',
      path: '/session',
      summary: 'Sign out in this browser alone; it becomes a new guest',
      access: 'public',
      idempotency: 'safe',
      headers: cookieHeaders,
      reply: session,
      errors: [signInUnavailable],
    }),
    getHealth: operation({
      method: 'GET',
      path: '/health',
      summary: 'How all services are, wherever they run',
      access: 'public',
      idempotency: 'safe',
      reply: t.Object({
        status: t.Enum(['ready', 'degraded']),
        services: t.Array(
          t.Object({
            name: t.String(),
            ready: t.Boolean(),
            reasons: t.Record(t.String(), t.String(), { description: 'Why not, by check' }),
          }),
        ),
      }),
    }),
  },
});
