import { randomUUID } from 'node:crypto';
import type { Caller } from '../contract/caller.ts';
import type { CallOptions, ClientOf, Contract } from '../contract/contract.ts';
import { callBudgetMs, TIMEOUT_MS } from '../contract/deadline.ts';
import { clientProblems, frameworkProblems } from '../contract/framework-problems.ts';
import type { StreamItem } from '../contract/operation.ts';
import { ProblemError } from '../contract/problem.ts';
import { currentTraceparent, inTrace } from '../contract/trace.ts';
import { Call, type RunningEndpoint } from './call.ts';
import { until } from './event-stream.ts';
import { checkAccess } from './identity/check-access.ts';
import { asProblem } from './problem-details.ts';

/** Operations of the services that run in this process, by service and name. */
export type EndpointTable = ReadonlyMap<string, ReadonlyMap<string, RunningEndpoint>>;

/**
 * A client that calls a service of the same process directly: same validation, JSON round trip, deadline and problems as over HTTP.
 * The service may start after the client is made.
 */
export function inProcessClient<C extends Contract>(contract: C, table: EndpointTable, caller: Caller): ClientOf<C> {
  const names = Object.keys(contract.operations);
  const calls = names.map((name) => [
    name,
    (request: object, options: CallOptions = {}) =>
      invoke(endpointOf(table, contract.name, name), request, { ...options, caller }),
  ]);
  return Object.freeze(Object.fromEntries(calls)) as ClientOf<C>;
}

function endpointOf(table: EndpointTable, service: string, name: string): RunningEndpoint {
  const endpoints = table.get(service);
  if (endpoints === undefined)
    throw new ProblemError(frameworkProblems.serviceStopping, { detail: `${service} has not started.` });
  const endpoint = endpoints.get(name);
  if (endpoint === undefined) throw new TypeError(`Service ${service} has no operation ${name}.`);
  return endpoint;
}

/** A call's options and who makes it. */
type Invocation = CallOptions & { readonly caller: Caller };

async function invoke(endpoint: RunningEndpoint, request: object, options: Invocation): Promise<unknown> {
  const timeoutMs = callBudgetMs(options.timeoutMs ?? TIMEOUT_MS);
  const startedMs = performance.now();
  try {
    const reply = await handled(endpoint, request, { ...options, timeoutMs });
    endpoint.metrics.answered(endpoint.status, startedMs);
    return reply;
  } catch (error) {
    const problem = asProblem(error);
    if (problem.code === frameworkProblems.internalError.code)
      endpoint.log.error({ err: error, operation: endpoint.name }, 'A call failed');
    endpoint.metrics.answered(problem.status, startedMs);
    throw problem;
  }
}

async function handled(
  endpoint: RunningEndpoint,
  request: object,
  options: Invocation & { readonly timeoutMs: number },
): Promise<unknown> {
  const { signal, timeoutMs, traceparent, idempotencyKey, caller, ifMatch, lastEventId } = options;
  checkAccess(caller, endpoint.service, endpoint.operation);
  const sent = JSON.parse(JSON.stringify(request));
  const input = endpoint.read(sent);
  const call = new Call(endpoint, input, {
    caller,
    ifMatch,
    lastEventId,
    rawBody: endpoint.operation.rawBody && Buffer.from(JSON.stringify(sent.body)),
    deadlineMs: Date.now() + timeoutMs,
    traceparent: traceparent ?? currentTraceparent(),
    idempotencyKey: idempotencyKey ?? (endpoint.operation.idempotency === 'keyed' ? randomUUID() : undefined),
    watchCaller: () => {},
  });
  const value = await untilEnded(call, { timeoutMs, signal }, async () => inTrace(call, endpoint.handle, input, call));
  if (endpoint.operation.stream !== undefined)
    return streamed(value as AsyncIterable<StreamItem>, { endpoint, call, signal });
  return endpoint.status === 204 ? undefined : JSON.parse(endpoint.write(value));
}

interface Streaming {
  readonly endpoint: RunningEndpoint;
  readonly call: Call;
  readonly signal: AbortSignal | undefined;
}

/** The items as another process would see them, until they end or whoever reads them stops. */
async function* streamed(items: AsyncIterable<StreamItem>, { endpoint, call, signal }: Streaming) {
  const cancel = () => call.abort(new ProblemError(clientProblems.requestCancelled));
  signal?.addEventListener('abort', cancel, { once: true });
  if (signal?.aborted) cancel();
  try {
    for await (const { id, data } of until(items, call.signal)) {
      yield { ...(id !== undefined && { id }), data: JSON.parse(endpoint.write(data)) };
    }
  } finally {
    signal?.removeEventListener('abort', cancel);
    cancel();
  }
}

/** Settles as `work` does, unless the deadline or the caller's signal is first; then the call is aborted. */
function untilEnded<T>(
  call: Call,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal | undefined },
  work: () => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = (problem: ProblemError) => {
      call.abort(problem);
      reject(problem);
    };
    const expire = () => end(new ProblemError(frameworkProblems.deadlineExceeded));
    const cancel = () => end(new ProblemError(clientProblems.requestCancelled));
    if (signal?.aborted) return cancel();
    const timer = setTimeout(expire, timeoutMs);
    signal?.addEventListener('abort', cancel, { once: true });
    work()
      .then(resolve, reject)
      .finally(() => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', cancel);
      });
  });
}
