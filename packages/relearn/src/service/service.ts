import type { Logger } from 'pino';
import type { Static, TObject } from 'typebox';
import type { Artifacts } from '../artifacts/artifacts.ts';
import type { Bus } from '../bus/index.ts';
import type { Caller } from '../contract/caller.ts';
import type { ClientOf, Contract } from '../contract/contract.ts';
import type { BusMessage, EventType, PayloadOf } from '../contract/event.ts';
import type { ReplyOf, RequestOf } from '../contract/operation.ts';
import type { Job } from '../store/job.ts';
import type { Migration, Store, Tx } from '../store/store.ts';
import type { Edge } from './edge.ts';
import type { Identity } from './identity/identity.ts';
import type { KeySet } from './identity/key-set.ts';
import type { Metrics } from './metrics.ts';

/** What a handler knows of the call it answers. */
export interface CallContext {
  /** Aborts when the caller has gone or its deadline has passed. */
  readonly signal: AbortSignal;
  /** Wall clock, ms since the epoch, by which the caller wants its answer. */
  readonly deadlineMs: number;
  readonly traceparent: string;
  readonly log: Logger;
  readonly idempotencyKey: string | undefined;
  /** Who calls, checked against the operation's `access`. */
  readonly caller: Caller;
  /** IP address the request came from; undefined for calls within the process. */
  readonly address: string | undefined;
  /** The body as it came, where the operation declares `rawBody`. */
  readonly rawBody: Uint8Array;
  /** What `If-Match` holds, without quotes; `*` stands for any. */
  readonly ifMatch: string | undefined;
  /** Id of the last event that a reader of a stream saw before it came back. */
  readonly lastEventId: string | undefined;
  /** Adds a header to the reply over HTTP: `set-cookie`. Without effect within the process. */
  replyHeader(name: string, value: string): void;
  /**
   * Does the work of a `keyed` operation once: its reply is recorded in the transaction of its effect, and a repeat with the same
   * key and request gets it without running `work`. @throws ProblemError `idempotency-key-reused` when the request differs.
   */
  once<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
}

export type HandlersOf<C extends Contract> = {
  readonly [K in keyof C['operations']]: (
    request: RequestOf<C['operations'][K]>,
    call: CallContext,
  ) => Promise<ReplyOf<C['operations'][K]>> | ReplyOf<C['operations'][K]>;
};

/** Takes one kind of event. The message's id is recorded in the same transaction as `handle`'s writes: a replay writes nothing. */
export interface Consumer<E extends EventType = EventType> {
  readonly event: E;
  /** Failed deliveries before the message is parked; 5 unless said. */
  readonly attemptsMax?: number;
  handle(
    payload: PayloadOf<E>,
    context: { readonly tx: Tx; readonly message: BusMessage; readonly log: Logger },
  ): Promise<void>;
}

/** What a service is given; nothing else of the outside is in its reach. */
export interface ServiceContext<Config = unknown, Uses extends Record<string, Contract> = Record<string, Contract>> {
  readonly config: Config;
  readonly store: Store;
  readonly artifacts: Artifacts;
  readonly bus: Bus;
  /** Typed clients of the services it uses. */
  readonly clients: { readonly [K in keyof Uses]: ClientOf<Uses[K]> };
  readonly metrics: Metrics;
  readonly log: Logger;
  /** Ms since the epoch; replaced in tests. */
  readonly clock: () => number;
  /** Folder of this service under `RELEARN_HOME`. */
  readonly home: string;
  readonly identity: Identity;
  /** Why a service that it uses is not ready, by check, wherever that runs; empty when it is ready. */
  faultsOf(contract: Contract): Promise<Record<string, string>>;
}

/** A running service's parts, made by its `setup`. */
export interface ServiceParts<C extends Contract> {
  readonly handlers: HandlersOf<C>;
  readonly consumers?: readonly Consumer<any>[];
  /** All that the service's transactions schedule. */
  readonly jobs?: readonly Job<any>[];
  /**
   * Public keys with which the tokens of users and partners are verified, as a JSON Web Key Set. Its host publishes it at
   * `/.well-known/jwks.json`; other processes read it there (`IDENTITY_URL`).
   */
  keySet?(): Promise<KeySet> | KeySet;
  /** What stands between the world and all services of the process; at most one service has it. */
  readonly edge?: Edge;
  /** Each resolves to undefined when ready, else a sentence saying why not; shown by `/health/ready`. */
  readonly checks?: Readonly<Record<string, () => Promise<string | undefined> | string | undefined>>;
  /** Called once everything listens; may go on in the background until `close`. */
  start?(): Promise<void> | void;
  /** Called after requests are drained, before the store closes. */
  close?(): Promise<void> | void;
}

export interface Service<
  C extends Contract = Contract,
  Config extends TObject = TObject,
  Uses extends Record<string, Contract> = Record<string, Contract>,
> {
  readonly contract: C;
  /** Environment variables this service reads: property names are variable names. */
  readonly configuration?: Config;
  readonly uses?: Uses;
  readonly migrations?: readonly Migration[];
  setup(context: ServiceContext<Static<Config>, Uses>): Promise<ServiceParts<C>> | ServiceParts<C>;
}

/** Keeps a service's types. */
export function service<
  const C extends Contract,
  const Config extends TObject = TObject,
  const Uses extends Record<string, Contract> = Record<never, never>,
>(declared: Service<C, Config, Uses>): Service<C, Config, Uses> {
  return declared;
}

/** Keeps a consumer's payload type. */
export function consumer<const E extends EventType>(declared: Consumer<E>): Consumer<E> {
  return declared;
}
