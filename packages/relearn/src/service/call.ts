import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import { type Caller, callerKey } from '../contract/caller.ts';
import { clientProblems, frameworkProblems } from '../contract/framework-problems.ts';
import { ProblemError } from '../contract/problem.ts';
import { childTraceparent, type TraceScope, traceIdOf } from '../contract/trace.ts';
import { runOnce, type Store, type Tx } from '../store/index.ts';
import type { Endpoint } from './endpoint.ts';
import type { EndpointMetrics } from './request-metrics.ts';
import type { CallContext } from './service.ts';

/** One operation of a running service. */
export interface RunningEndpoint extends Endpoint {
  readonly service: string;
  readonly name: string;
  readonly log: Logger;
  readonly store: Store;
  readonly metrics: EndpointMetrics;
  readonly clock: () => number;
  readonly handle: (request: any, call: CallContext) => unknown;
}

/** What a transport knows of a call before it is handled. */
export interface CallOrigin {
  readonly caller: Caller;
  readonly address?: string | undefined;
  readonly rawBody?: Uint8Array | undefined;
  readonly ifMatch?: string | undefined;
  readonly lastEventId?: string | undefined;
  readonly deadlineMs: number;
  readonly traceparent: string | undefined;
  readonly idempotencyKey: string | undefined;
  /** Watches for the caller going away; called once, when a handler asks for the signal. */
  readonly watchCaller: (gone: () => void) => void;
}

/** Longest key that is kept; the characters are those a header may carry. */
/** Of a request without a body. */
const NO_BYTES = new Uint8Array(0);
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,200}$/;

/** A call being answered. Signal, trace and logger are made when first asked for: most calls need none of them. */
export class Call implements CallContext, TraceScope {
  readonly deadlineMs: number;
  readonly idempotencyKey: string | undefined;
  readonly caller: Caller;
  readonly address: string | undefined;
  readonly ifMatch: string | undefined;
  readonly lastEventId: string | undefined;
  /** What the handler added to the reply, name and value in turn. */
  readonly replyHeaders: string[] = [];
  readonly #endpoint: RunningEndpoint;
  readonly #request: object;
  readonly #rawBody: Uint8Array | undefined;
  readonly #parent: string | undefined;
  readonly #watchCaller: CallOrigin['watchCaller'];
  #traceparent: string | undefined;
  #controller: AbortController | undefined;
  #abortedBy: unknown;
  #log: Logger | undefined;

  /** @throws ProblemError `idempotency-key-missing` or `precondition-missing` when an operation came without what it requires. */
  constructor(endpoint: RunningEndpoint, request: object, origin: CallOrigin) {
    this.#endpoint = endpoint;
    this.#request = request;
    this.deadlineMs = origin.deadlineMs;
    this.idempotencyKey = origin.idempotencyKey;
    this.caller = origin.caller;
    this.address = origin.address;
    this.ifMatch = endpoint.operation.ifMatch === undefined ? undefined : origin.ifMatch;
    this.lastEventId = origin.lastEventId;
    this.#rawBody = origin.rawBody;
    this.#parent = origin.traceparent;
    this.#watchCaller = origin.watchCaller;
    if (endpoint.operation.idempotency === 'keyed' && !IDEMPOTENCY_KEY.test(origin.idempotencyKey ?? '')) {
      throw new ProblemError(frameworkProblems.idempotencyKeyMissing);
    }
    if (endpoint.operation.ifMatch === 'required' && this.ifMatch === undefined) {
      throw new ProblemError(frameworkProblems.preconditionMissing);
    }
  }

  get rawBody(): Uint8Array {
    const { operation, name } = this.#endpoint;
    if (operation.rawBody === undefined) throw new TypeError(`${name} does not declare rawBody.`);
    return this.#rawBody ?? NO_BYTES;
  }

  replyHeader(name: string, value: string): void {
    this.replyHeaders.push(name, value);
  }

  get traceparent(): string {
    this.#traceparent ??= childTraceparent(this.#parent);
    return this.#traceparent;
  }

  get traceId(): string {
    return traceIdOf(this.traceparent);
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#abortedBy !== undefined) this.#controller.abort(this.#abortedBy);
      else this.#watchCaller(() => this.abort(new ProblemError(clientProblems.requestCancelled)));
    }
    return this.#controller.signal;
  }

  /** Aborts the signal, now or when it is first asked for. */
  abort(reason: unknown): void {
    this.#abortedBy ??= reason;
    this.#controller?.abort(reason);
  }

  get log(): Logger {
    this.#log ??= this.#endpoint.log.child({ operation: this.#endpoint.name, traceId: this.traceId });
    return this.#log;
  }

  async once<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const { name, operation, store, clock } = this.#endpoint;
    if (operation.idempotency !== 'keyed' || this.idempotencyKey === undefined) {
      throw new TypeError(`${name} is not a keyed operation: call.once has no key to record its reply under.`);
    }
    const requestHash = createHash('sha256').update(JSON.stringify(this.#request)).digest('hex');
    return runOnce(
      store,
      { scope: `${name} ${callerKey(this.caller)}`, key: this.idempotencyKey, requestHash, nowMs: clock() },
      work,
    );
  }
}
