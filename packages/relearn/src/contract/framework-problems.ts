import { Type as t } from 'typebox';
import { type ProblemType, problem } from './problem.ts';

/** One part of a request that is not as declared. */
export const fault = t.Object({
  field: t.String({ description: 'Where: `body/price/amountMinor`, `query/limit`, `params/id`' }),
  takes: t.String({ description: 'What the field takes' }),
});

/** Errors that the framework itself answers with, whatever the service. Documented in `docs/errors.md`. */
export const frameworkProblems = {
  requestInvalid: problem({
    code: 'request-invalid',
    status: 400,
    title: 'A field of the request is not what the operation takes; correct the fields listed.',
    data: t.Object({ faults: t.Array(fault) }),
  }),
  requestMalformed: problem({
    code: 'request-malformed',
    status: 400,
    title: 'The request cannot be read; send a well-formed URL and valid JSON.',
  }),
  idempotencyKeyMissing: problem({
    code: 'idempotency-key-missing',
    status: 400,
    title:
      'This operation takes an Idempotency-Key header of 1 to 200 visible characters; make one up for each new request.',
  }),
  unauthenticated: problem({
    code: 'unauthenticated',
    status: 401,
    title: 'Nobody may call this without saying who they are; sign in, or send a valid token.',
  }),
  forbidden: problem({
    code: 'forbidden',
    status: 403,
    title: 'The caller may not do this.',
  }),
  notFound: problem({
    code: 'not-found',
    status: 404,
    title: 'Nothing is served under this path; see the OpenAPI document of the service.',
  }),
  methodNotAllowed: problem({
    code: 'method-not-allowed',
    status: 405,
    title: 'This path does not take this method; the Allow header lists those it takes.',
  }),
  preconditionFailed: problem({
    code: 'precondition-failed',
    status: 412,
    title: 'It has changed since it was read; read it again and repeat the change with its new ETag.',
  }),
  bodyTooLarge: problem({
    code: 'body-too-large',
    status: 413,
    title: 'The body is larger than the operation takes; send less at a time.',
  }),
  mediaTypeUnsupported: problem({
    code: 'media-type-unsupported',
    status: 415,
    title: 'The body must be JSON; send Content-Type: application/json.',
  }),
  idempotencyKeyReused: problem({
    code: 'idempotency-key-reused',
    status: 422,
    title: 'This Idempotency-Key came with another request before; make up a new key for a new request.',
  }),
  preconditionMissing: problem({
    code: 'precondition-missing',
    status: 428,
    title: 'This operation takes an If-Match header with the ETag of what was read; read it first.',
  }),
  rateLimited: problem({
    code: 'rate-limited',
    status: 429,
    title: 'There were too many requests; wait as long as Retry-After says.',
  }),
  internalError: problem({
    code: 'internal-error',
    status: 500,
    title: 'The service failed; give the trace id to those who run it.',
  }),
  storeUnavailable: problem({
    code: 'store-unavailable',
    status: 503,
    title: 'The data cannot be written or read now, and nothing was changed; try again later.',
  }),
  identityUnavailable: problem({
    code: 'identity-unavailable',
    status: 503,
    title: 'Who calls cannot be checked now; try again later.',
  }),
  serviceStopping: problem({
    code: 'service-stopping',
    status: 503,
    title: 'The service is starting or stopping; try again, or another replica.',
  }),
  deadlineExceeded: problem({
    code: 'deadline-exceeded',
    status: 504,
    title: 'The answer was not ready within the time given; allow more time, or ask for less.',
  }),
} as const satisfies Record<string, ProblemType>;

/** Errors that a client answers with when the callee gave no answer of its own. */
export const clientProblems = {
  circuitOpen: problem({
    code: 'client.circuit-open',
    status: 503,
    title: 'The service failed several times in a row and is left alone for a moment; try again later.',
  }),
  unreachable: problem({
    code: 'client.unreachable',
    status: 503,
    title: 'The service could not be reached.',
  }),
  replyInvalid: problem({
    code: 'client.reply-invalid',
    status: 502,
    title: 'The reply is not what the contract declares; caller and callee run different contracts.',
  }),
  requestCancelled: problem({
    code: 'client.request-cancelled',
    status: 499,
    title: 'The caller cancelled the request.',
  }),
} as const satisfies Record<string, ProblemType>;
