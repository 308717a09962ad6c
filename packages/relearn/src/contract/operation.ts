import type { Static, TObject, TSchema } from 'typebox';
import type { ProblemType } from './problem.ts';

/**
 * Who may call, checked before the handler: `public` anyone, `visitor` a guest or anybody signed in, `shopper` anybody signed in, `operator`
 * operators and partners whose scopes cover `<service>.read` or `<service>.write`, `service` services alone; services may call everything.
 * Whether a record is the caller's own is for the handler to say.
 */
export type Access = 'public' | 'visitor' | 'shopper' | 'operator' | 'service';

/**
 * One operation of a service. Path parameters are written `:name` and described by `params`.
 *
 * `idempotency` says what a repeat does: `'safe'` changes nothing or the same thing again (clients may retry),
 * `'keyed'` takes an `Idempotency-Key` and answers a repeat from its record, `'none'` must not be retried.
 */
export interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly params?: TObject;
  readonly query?: TObject;
  /** Headers it reads, by their lower-case names; others are ignored. */
  readonly headers?: TObject;
  readonly body?: TSchema;
  /** True: `call.rawBody` holds the body's bytes as they came, for a signature that covers them. */
  readonly rawBody?: true;
  /** What a good reply holds; a status of 204 or a stream has none. */
  readonly reply?: TSchema;
  /** Instead of a reply: what each event of a stream holds, sent as server-sent events until the handler's iterable ends or the caller goes. */
  readonly stream?: TSchema;
  /** Field of the reply that becomes its `ETag`: a whole number or a text that changes with every change. */
  readonly etag?: string;
  /** Whether `If-Match` is read; `'required'` refuses calls without it. What does not match is refused by the handler: `preconditionFailed`. */
  readonly ifMatch?: 'optional' | 'required';
  /** Status of a good reply; 200 unless said. */
  readonly status?: number;
  readonly errors?: readonly ProblemType[];
  readonly access: Access;
  readonly idempotency: 'safe' | 'keyed' | 'none';
  /** Largest request body; 1 MiB unless said. */
  readonly bodyBytesMax?: number;
}

type Part<O extends Operation, K extends 'params' | 'query' | 'headers' | 'body'> = O[K] extends TSchema
  ? { readonly [P in K]: Static<O[K]> }
  : unknown;

/** What a handler gets and a client sends: `{ params, query, headers, body }`, each only where the operation declares it. */
export type RequestOf<O extends Operation> = Part<O, 'params'> &
  Part<O, 'query'> &
  Part<O, 'headers'> &
  Part<O, 'body'>;

/** One event of a stream. `id` is what a reader that comes back names as the last it saw. */
export interface StreamItem<T = unknown> {
  readonly id?: string;
  readonly data: T;
}

export type ReplyOf<O extends Operation> = O['stream'] extends TSchema
  ? AsyncIterable<StreamItem<Static<O['stream']>>>
  : O['reply'] extends TSchema
    ? Static<O['reply']>
    : undefined;

/** Keeps an operation's literal types. */
export function operation<const O extends Operation>(declared: O): O {
  return Object.freeze(declared);
}
