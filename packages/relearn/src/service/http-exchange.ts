import type { FastifyReply, FastifyRequest } from 'fastify';
import { DEADLINE_HEADER, readRemainingMs } from '../contract/deadline.ts';
import { frameworkProblems } from '../contract/framework-problems.ts';
import { ProblemError } from '../contract/problem.ts';
import { childTraceparent, inTrace, traceIdOf } from '../contract/trace.ts';
import { Call, type RunningEndpoint } from './call.ts';
import type { DeadlineWatch, Expiring } from './deadline-watch.ts';
import { requestInvalid } from './endpoint.ts';
import { asProblem, PROBLEM_MEDIA_TYPE, problemDetails } from './problem-details.ts';

const JSON_MEDIA_TYPE = 'application/json; charset=utf-8';

/** One request over HTTP and its reply, which is sent once: by the handler, by its failure, or by the deadline. */
export class HttpExchange implements Expiring {
  endMs = 0;
  readonly #endpoint: RunningEndpoint;
  readonly #request: FastifyRequest;
  readonly #reply: FastifyReply;
  readonly #startedMs = performance.now();
  #call: Call | undefined;
  #answered = false;

  constructor(endpoint: RunningEndpoint, request: FastifyRequest, reply: FastifyReply) {
    this.#endpoint = endpoint;
    this.#request = request;
    this.#reply = reply;
  }

  async answer(timeoutMsMax: number, watch: DeadlineWatch): Promise<void> {
    try {
      const input = this.#endpoint.read(this.#request);
      const remainingMs = this.#remainingMs(timeoutMsMax);
      const call = this.#open(input, remainingMs);
      const result = inTrace(call, this.#endpoint.handle, input, call);
      if (!isPromise(result)) return this.#succeed(result);
      this.endMs = this.#startedMs + remainingMs;
      watch.add(this);
      this.#succeed(await result);
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
    sendProblem(this.#request, this.#reply, problem, this.#call?.traceId);
    this.#endpoint.metrics.answered(problem.status, this.#startedMs);
    this.#call?.abort(problem);
  }

  expire(): void {
    this.fail(new ProblemError(frameworkProblems.deadlineExceeded));
  }

  #open(input: object, remainingMs: number): Call {
    const { headers } = this.#request;
    const { raw } = this.#reply;
    this.#call = new Call(this.#endpoint, input, {
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

  #succeed(value: unknown): void {
    if (this.#answered) return;
    const { status } = this.#endpoint;
    const text = status === 204 ? undefined : this.#endpoint.write(value);
    this.#answered = true;
    writeReply(this.#reply, status, text);
    this.#endpoint.metrics.answered(status, this.#startedMs);
  }

  #log(problem: ProblemError): void {
    const log = this.#call?.log ?? this.#endpoint.log;
    log.error({ err: problem.cause ?? problem, code: problem.code }, 'A request failed');
  }
}

/** Past the framework's own pipeline, of which a ready text needs nothing: about a tenth of a request's processor time. */
function writeReply(reply: FastifyReply, status: number, text: string | undefined): void {
  reply.hijack();
  if (text === undefined) {
    reply.raw.writeHead(status).end();
    return;
  }
  const sizeBytes = Buffer.byteLength(text);
  const headers = ['content-type', JSON_MEDIA_TYPE, 'content-length', String(sizeBytes)];
  // A text of one byte a character is copied as it is.
  reply.raw.writeHead(status, headers).end(text, sizeBytes === text.length ? 'latin1' : 'utf8');
}

/** Sends problem details; `traceId` is made from the request's trace context when no call was opened. */
export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  problem: ProblemError,
  traceId = traceIdOf(childTraceparent(request.headers.traceparent as string | undefined)),
): void {
  const text = JSON.stringify(problemDetails(problem, traceId));
  void reply.code(problem.status).header('content-type', PROBLEM_MEDIA_TYPE).send(text);
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}
