import { checkContract } from './check-contract.ts';
import type { EventType } from './event.ts';
import type { Operation, ReplyOf, RequestOf } from './operation.ts';

/**
 * All that others may know of a service. A service serves its operations under `/api/<name>` however it is deployed,
 * so that a URL never depends on the deployment.
 */
export interface Contract<
  Operations extends Record<string, Operation> = Record<string, Operation>,
  Events extends Record<string, EventType> = Record<string, EventType>,
> {
  /** Lower-case, digits and dashes; also the service's metrics label, database file and URL prefix. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Semantic version of the contract. */
  readonly version: string;
  readonly operations: Operations;
  readonly events: Events;
}

/** Checks names, that codes, paths and event types are unique, and that path parameters are declared. @throws TypeError naming what is wrong. */
export function contract<
  const Operations extends Record<string, Operation>,
  const Events extends Record<string, EventType> = Record<never, never>,
>(declared: {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly version: string;
  readonly operations: Operations;
  readonly events?: Events;
}): Contract<Operations, Events> {
  const made = Object.freeze({ ...declared, events: declared.events ?? ({} as Events) });
  checkContract(made);
  return made;
}

/** What a call may set beside the request itself. */
export interface CallOptions {
  /** Cancels the call. */
  readonly signal?: AbortSignal;
  /** Whole budget of the call in ms, retries included; the callee gets what is left. Default 2,000. Of a stream: until its first event. */
  readonly timeoutMs?: number;
  /** Required by operations with `idempotency: 'keyed'`; made up when absent. */
  readonly idempotencyKey?: string;
  /** The `ETag` that what is changed must still have, without quotes. */
  readonly ifMatch?: string;
  /** Id of the last event seen of a stream. */
  readonly lastEventId?: string;
  /** Trace context to continue; taken from the running request when absent. */
  readonly traceparent?: string;
}

/** A typed client: the same face in process and over HTTP. A declared problem arrives as `ProblemError`. */
export type ClientOf<C extends Contract> = {
  readonly [K in keyof C['operations']]: (
    request: RequestOf<C['operations'][K]>,
    options?: CallOptions,
  ) => Promise<ReplyOf<C['operations'][K]>>;
};
