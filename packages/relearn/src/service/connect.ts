import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Type as t } from 'typebox';
import { type Dispatcher, Pool } from 'undici';
import type { CallOptions, ClientOf, Contract } from '../contract/contract.ts';
import { callBudgetMs, DEADLINE_HEADER, TIMEOUT_MS } from '../contract/deadline.ts';
import { clientProblems, frameworkProblems } from '../contract/framework-problems.ts';
import type { Operation, StreamItem } from '../contract/operation.ts';
import { ProblemError } from '../contract/problem.ts';
import { compileCheck, type SchemaCheck } from '../contract/schema-check.ts';
import { currentTraceparent } from '../contract/trace.ts';
import { Breaker, type BreakerOptions } from './breaker.ts';
import { entityTag } from './entity-tag.ts';
import { requestPath } from './http-request.ts';
import { readEvents } from './read-events.ts';
import './keep-wasm-wrappers.ts';

export interface ConnectOptions {
  /** Origin of the callee: `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Says who calls: a token, or what gives the one to use now. Without it calls are anonymous. */
  readonly token?: string | (() => string | Promise<string>);
  /** Budget of calls that set none, ms; 2,000 unless said. */
  readonly timeoutMs?: number;
  /** Most connections open at once; 32 unless said. */
  readonly connectionsMax?: number;
  /** Tries of one call, the first included; 3 unless said. */
  readonly attemptsMax?: number;
  readonly breaker?: BreakerOptions;
  /** Uniform in [0, 1), for the jitter of retries. */
  readonly random?: () => number;
}

/** A client and the connections it keeps; idle ones do not keep a process alive. */
export type Connection<C extends Contract> = ClientOf<C> & AsyncDisposable;

/**
 * A typed client over HTTP. The deadline travels with each call; `safe` and `keyed` operations are tried again, with jitter and within the
 * deadline, when the callee cannot be reached or answers 502, 503 or 504; a callee that fails several times in a row is left alone for a moment.
 */
export function connect<C extends Contract>(contract: C, options: ConnectOptions): Connection<C> {
  const callee = new Callee(contract.name, options);
  const calls = Object.entries(contract.operations).map(([name, operation]) => {
    const reply = compileCheck(operation.stream ?? operation.reply ?? NOTHING);
    return [
      name,
      (request: object, call: CallOptions = {}) =>
        callee.call({ service: contract.name, name, operation, reply }, request, call),
    ];
  });
  return Object.freeze({
    ...Object.fromEntries(calls),
    [Symbol.asyncDispose]: () => callee.close(),
  }) as Connection<C>;
}

interface Remote {
  readonly service: string;
  readonly name: string;
  readonly operation: Operation;
  readonly reply: SchemaCheck;
}

interface Answer {
  readonly statusCode: number;
  readonly text: string;
  /** Of a stream, instead of a text. */
  readonly events?: AsyncIterable<StreamItem>;
}

/** A request ready to be sent, again and again if need be. */
interface Outgoing {
  readonly remote: Remote;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string | null;
  readonly endMs: number;
  readonly signal: AbortSignal;
}

const RETRY_STATUSES: ReadonlySet<number> = new Set([502, 503, 504]);
const BACKOFF_MS = 25;
const NOTHING = t.Undefined();

class Callee {
  readonly #name: string;
  readonly #options: ConnectOptions;
  readonly #pool: Pool;
  readonly #breaker: Breaker;

  constructor(name: string, options: ConnectOptions) {
    this.#name = name;
    this.#options = options;
    this.#pool = new Pool(options.url, {
      connections: options.connectionsMax ?? 32,
      bodyTimeout: 0,
      headersTimeout: 0,
    });
    this.#breaker = new Breaker(options.breaker);
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  async call(remote: Remote, request: object, options: CallOptions): Promise<unknown> {
    const timeoutMs = callBudgetMs(options.timeoutMs ?? this.#options.timeoutMs ?? TIMEOUT_MS);
    const controller = new AbortController();
    const expire = () => controller.abort(new ProblemError(frameworkProblems.deadlineExceeded));
    const cancel = () => controller.abort(new ProblemError(clientProblems.requestCancelled));
    if (options.signal?.aborted) throw new ProblemError(clientProblems.requestCancelled);
    options.signal?.addEventListener('abort', cancel, { once: true });
    const timer = setTimeout(expire, timeoutMs);
    try {
      const limits = { endMs: performance.now() + timeoutMs, signal: controller.signal };
      return await this.#tryUntilAnswered(outgoing(remote, request, options, limits));
    } finally {
      clearTimeout(timer);
      // A stream goes on after its call is answered.
      if (remote.operation.stream === undefined) options.signal?.removeEventListener('abort', cancel);
    }
  }

  async #tryUntilAnswered(out: Outgoing): Promise<unknown> {
    const mayRepeat = out.remote.operation.idempotency !== 'none';
    const attemptsMax = mayRepeat ? (this.#options.attemptsMax ?? 3) : 1;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#attempt(out);
      } catch (error) {
        const waitMs = (this.#options.random ?? Math.random)() * BACKOFF_MS * 2 ** attempt;
        const isLast = attempt >= attemptsMax || performance.now() + waitMs >= out.endMs;
        if (isLast || out.signal.aborted || !isTransient(error)) throw error;
        await sleep(waitMs, undefined, { signal: out.signal }).catch(() => undefined);
        out.signal.throwIfAborted();
      }
    }
  }

  async #attempt(out: Outgoing): Promise<unknown> {
    if (!this.#breaker.admits(performance.now())) {
      throw new ProblemError(clientProblems.circuitOpen, { detail: `${this.#name} failed several times in a row.` });
    }
    const { statusCode, text, events } = await this.#send(out);
    if (RETRY_STATUSES.has(statusCode)) this.#breaker.failed(performance.now());
    else this.#breaker.succeeded();
    return events ?? readReply(out.remote, statusCode, text);
  }

  async #send({ remote, path, headers, body, endMs, signal }: Outgoing): Promise<Answer> {
    const { method, stream } = remote.operation;
    const { token } = this.#options;
    try {
      const bearer = typeof token === 'function' ? await token() : token;
      const remainingMs = Math.max(0, Math.floor(endMs - performance.now()));
      const response = await this.#pool.request({
        method: method as Dispatcher.HttpMethod,
        path,
        headers: {
          ...headers,
          ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
          [DEADLINE_HEADER]: String(remainingMs),
        },
        body,
        signal,
      });
      const { statusCode } = response;
      if (stream !== undefined && statusCode === 200) {
        return { statusCode, text: '', events: readEvents(response.body, (data) => readItem(remote, data)) };
      }
      return { statusCode, text: await response.body.text() };
    } catch (error) {
      if (isCancelled(signal)) this.#breaker.released();
      else this.#breaker.failed(performance.now());
      signal.throwIfAborted();
      const detail = `${this.#name} could not be reached at ${this.#options.url}.`;
      throw new ProblemError(clientProblems.unreachable, { detail, cause: error });
    }
  }
}

function outgoing(
  remote: Remote,
  request: object,
  options: CallOptions,
  limits: { endMs: number; signal: AbortSignal },
): Outgoing {
  const { service, operation } = remote;
  const { body } = request as { body?: unknown };
  const headers: Record<string, string> = {};
  const traceparent = options.traceparent ?? currentTraceparent();
  if (traceparent !== undefined) headers.traceparent = traceparent;
  if (operation.body !== undefined) headers['content-type'] = 'application/json';
  for (const [name, value] of Object.entries((request as { headers?: object }).headers ?? {}))
    headers[name] = String(value);
  if (options.ifMatch !== undefined) headers['if-match'] = options.ifMatch === '*' ? '*' : entityTag(options.ifMatch);
  if (options.lastEventId !== undefined) headers['last-event-id'] = options.lastEventId;
  if (operation.idempotency === 'keyed') headers['idempotency-key'] = options.idempotencyKey ?? randomUUID();
  const text = operation.body === undefined ? null : JSON.stringify(body ?? null);
  return { remote, path: requestPath(service, operation, request), headers, body: text, ...limits };
}

function readReply({ service, name, operation, reply }: Remote, status: number, text: string): unknown {
  if (status === 204) return undefined;
  const value = parsed(text);
  if (status >= 400) throw problemOf(service, status, value);
  if (status === (operation.status ?? 200) && reply.accepts(value)) return value;
  throw replyInvalid({ service, name, reply }, `status ${status}`, value);
}

/** One event's data. */
function readItem(remote: Remote, text: string): unknown {
  const data = parsed(text);
  if (remote.reply.accepts(data)) return data;
  throw replyInvalid(remote, 'an event', data);
}

function replyInvalid({ service, name, reply }: Omit<Remote, 'operation'>, what: string, value: unknown): ProblemError {
  const faults = reply.faults(value, 'reply').map(({ field, takes }) => `${field} ${takes}`);
  return new ProblemError(clientProblems.replyInvalid, { detail: `${service}.${name}, ${what}: ${faults.join('; ')}` });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The problem that came, or one made of the status when something between answered without problem details. */
function problemOf(service: string, status: number, value: unknown): ProblemError {
  const { code, title, detail, data } = (value ?? {}) as Record<string, unknown>;
  if (typeof code !== 'string' || typeof title !== 'string') {
    const type = RETRY_STATUSES.has(status) ? clientProblems.unreachable : clientProblems.replyInvalid;
    return new ProblemError(type, { detail: `${service} answered with status ${status} and no problem details.` });
  }
  return new ProblemError({ code, status, title }, { ...(typeof detail === 'string' ? { detail } : {}), data });
}

function isTransient(error: unknown): boolean {
  if (!(error instanceof ProblemError) || !RETRY_STATUSES.has(error.status)) return false;
  return error.code !== clientProblems.circuitOpen.code && error.code !== clientProblems.replyInvalid.code;
}

function isCancelled({ aborted, reason }: AbortSignal): boolean {
  return aborted && reason instanceof ProblemError && reason.code === clientProblems.requestCancelled.code;
}
