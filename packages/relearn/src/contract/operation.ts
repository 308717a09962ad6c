import type { Static, TObject, TSchema } from 'typebox';
import type { ProblemType } from './problem.ts';

/** Who may call: declared here and listed in OpenAPI. Nothing checks it yet, so an operator's operations belong behind something that does. */
export type Access = 'public' | 'shopper' | 'operator' | 'service';

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
  readonly body?: TSchema;
  readonly reply: TSchema;
  /** Status of a good reply; 200 unless said. */
  readonly status?: number;
  readonly errors?: readonly ProblemType[];
  readonly access: Access;
  readonly idempotency: 'safe' | 'keyed' | 'none';
  /** Largest request body; 1 MiB unless said. */
  readonly bodyBytesMax?: number;
}

type Part<O extends Operation, K extends 'params' | 'query' | 'body'> = O[K] extends TSchema
  ? { readonly [P in K]: Static<O[K]> }
  : unknown;

/** What a handler gets and a client sends: `{ params, query, body }`, each only where the operation declares it. */
export type RequestOf<O extends Operation> = Part<O, 'params'> & Part<O, 'query'> & Part<O, 'body'>;

export type ReplyOf<O extends Operation> = Static<O['reply']>;

/** Keeps an operation's literal types. */
export function operation<const O extends Operation>(declared: O): O {
  return Object.freeze(declared);
}
