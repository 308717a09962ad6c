import type { FastifyReply, FastifyRequest } from 'fastify';
import { anonymous, type Caller } from '../contract/caller.ts';
import { DEADLINE_HEADER, readRemainingMs } from '../contract/deadline.ts';
import { clientProblems, frameworkProblems } from '../contract/framework-problems.ts';
import type { StreamItem } from '../contract/operation.ts';
import { ProblemError } from '../contract/problem.ts';
import { childTraceparent, inTrace, traceIdOf } from '../contract/trace.ts';
import { Call, type RunningEndpoint } from './call.ts';
import type { DeadlineWatch, Expiring } from './deadline-watch.ts';
import { requestInvalid } from './endpoint.ts';
import { entityTag, readEntityTag } from './entity-tag.ts';
import { sendEvents } from './event-stream.ts';
import { bearerToken } from './identity/bearer.ts';
import { checkAccess } from './identity/check-access.ts';
import type { HostIdentity } from './identity/identity.ts';
import { asProblem, PROBLEM_MEDIA_TYPE, problemDetails } from './problem-details.ts';
import { writeReply } from './write-reply.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls, where the edge of the process said so. */
    admitted?: Caller | undefined;
    /** The body as it came, of operations that declare it. */
    rawBody?: Buffer;
  }
}

/** What every exchange of a host shares. */
export interface Exchanges {
  readonly identity: HostIdentity;
  readonly watch: DeadlineWatch;
  /** Longest time for an answer, ms. */
  readonly timeoutMsMax: number;
  /** Aborts when the host stops: streams end then. */
  readonly stopping: AbortSignal;
}

/** One request over HTTP and its reply, which is sent once: by the handler, by its failure, or by the deadline. */
export class HttpExchange implements Expiring {
  endMs = 0;
  readonly #endpoint: RunningEndpoint;
  readonly #request: FastifyRequest;
  readonly #reply: FastifyReply;
  readonly #around: Exchanges;
  readonly #startedMs = performance.now();
  #call: Call | undefined;
  #answered = false;

  constructor(endpoint: RunningEndpoint, request: FastifyRequest, reply: FastifyReply, around: Exchanges) {
    this.#endpoint = endpoint;
    this.#request = request;
    this.#reply = reply;
    this.#around = around;
  }

  async answer(): Promise<void> {
    const { watch, timeoutMsMax } = this.#around;
    try {
      const known = this.#caller();
      const caller = known instanceof Promise ? await known : known;
      checkAccess(caller, this.#endpoint.service, this.#endpoint.operation);
      const input = this.#endpoint.read(this.#request);
      const remainingMs = this.#remainingMs(timeoutMsMax);
      const call = this.#open(input, caller, remainingMs);
      const result = inTrace(call, this.#endpoint.handle, input, call);
      if (!isPromise(result)) return this.#succeed(result, call);
      this.endMs = this.#startedMs + remainingMs;
      watch.add(this);
      this.#succeed(await result, call);
    } catch (error) {
      this.fail(error);
    } finally {
      watch.delete(this);
    }
  }

  /** Tells the caller what went wrong and aborts the work; without effect once answered. */
  fail(error: unknown): void {
    const problem = asProblem(error);
    const isLate = this.#answered && problem.status === 504;
    if (problem.status >= 500 && !isLate) this.#log(problem);
    if (this.#answered) return;
    this.#answered = true;
    for (const [name, value] of pairs(this.#call?.replyHeaders ?? [])) void this.#reply.header(name, value);
    sendProblem(this.#request, this.#reply, problem, this.#call?.traceId);
    this.#endpoint.metrics.answered(problem.status, this.#startedMs);
    this.#call?.abort(problem);
  }

  expire(): void {
    this.fail(new ProblemError(frameworkProblems.deadlineExceeded));
  }

  #caller(): Caller | Promise<Caller> {
    const { admitted, headers } = this.#request;
    if (admitted !== undefined) return admitted;
    const token = bearerToken(headers.authorization);
    if (token === undefined) return anonymous;
    return this.#around.identity.known(token) ?? this.#around.identity.callerOf(token);
  }

  #open(input: object, caller: Caller, remainingMs: number): Call {
    const { headers, rawBody, ip } = this.#request;
    const { raw } = this.#reply;
    this.#call = new Call(this.#endpoint, input, {
      caller,
      address: ip,
      rawBody,
      ifMatch: readEntityTag(headers['if-match']),
      lastEventId: headers['last-event-id'] as string | undefined,
      deadlineMs: Date.now() + remainingMs,
      traceparent: headers.traceparent as string | undefined,
      idempotencyKey: headers['idempotency-key'] as string | undefined,
      watchCaller: (gone) => raw.once('close', () => !raw.writableFinished && gone()),
    });
    return this.#call;
  }

  #remainingMs(timeoutMsMax: number): number {
    const text = this.#request.headers[DEADLINE_HEADER] as string | undefined;
    const remainingMs = readRemainingMs(text, timeoutMsMax);
    if (remainingMs !== undefined) return remainingMs;
    throw requestInvalid([{ field: `headers/${DEADLINE_HEADER}`, takes: 'must be whole milliseconds' }]);
  }

  #succeed(value: unknown, call: Call): void {
    if (this.#answered) return;
    const { status, operation } = this.#endpoint;
    if (operation.stream !== undefined) return void this.#stream(value as AsyncIterable<StreamItem>, call);
    const text = status === 204 ? undefined : this.#endpoint.write(value);
    this.#answered = true;
    const headers = call.replyHeaders;
    if (operation.etag !== undefined) headers.push('etag', entityTag((value as any)[operation.etag]));
    writeReply(this.#reply, {
      status,
      text,
      headers,
      accepts: this.#request.headers['accept-encoding'] as string | undefined,
    });
    this.#endpoint.metrics.answered(status, this.#startedMs);
  }

  async #stream(items: AsyncIterable<StreamItem>, call: Call): Promise<void> {
    const { stopping } = this.#around;
    const stop = () => call.abort(new ProblemError(frameworkProblems.serviceStopping));
    const { signal } = call;
    this.#answered = true;
    this.#reply.hijack();
    this.#endpoint.metrics.answered(200, this.#startedMs);
    stopping.addEventListener('abort', stop, { once: true });
    try {
      await sendEvents(this.#reply.raw, { items, write: (data) => this.#endpoint.write(data), signal });
    } catch (error) {
      if (!signal.aborted) this.#log(asProblem(error));
    } finally {
      stopping.removeEventListener('abort', stop);
      call.abort(new ProblemError(clientProblems.requestCancelled));
    }
  }

  #log(problem: ProblemError): void {
    const log = this.#call?.log ?? this.#endpoint.log;
    log.error({ err: problem.cause ?? problem, code: problem.code }, 'A request failed');
  }
}

/** Sends problem details; `traceId` is made from the request's trace context when no call was opened. */
export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  problem: ProblemError,
  traceId = traceIdOf(childTraceparent(request.headers.traceparent as string | undefined)),
): void {
  const text = JSON.stringify(problemDetails(problem, traceId));
  if (problem.status === 401) void reply.header('www-authenticate', 'Bearer');
  void reply.code(problem.status).header('content-type', PROBLEM_MEDIA_TYPE).send(text);
}

function* pairs(list: readonly string[]): Generator<[string, string]> {
  for (let index = 0; index < list.length; index += 2) yield [list[index]!, list[index + 1]!];
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}
