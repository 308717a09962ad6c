import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';

/** What runs now, if it belongs to a trace. `traceparent` may be made when it is first read. */
export interface TraceScope {
  readonly traceparent: string;
}

const scopes = new AsyncLocalStorage<TraceScope>();
const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** Runs `work` so that calls made and events published in it, at any depth, carry the scope's trace. */
export function inTrace<Result, Arguments extends unknown[]>(
  scope: TraceScope,
  work: (...given: Arguments) => Result,
  ...given: Arguments
): Result {
  return scopes.run(scope, work, ...given);
}

/** `work`, run later by someone else's hand but within the trace of now. */
export function keepingTrace<Arguments extends unknown[], Result>(
  work: (...given: Arguments) => Result,
): (...given: Arguments) => Result {
  const scope = scopes.getStore();
  return scope === undefined ? work : (...given) => scopes.run(scope, work, ...given);
}

/** W3C trace context of what runs now; undefined outside requests and deliveries. */
export function currentTraceparent(): string | undefined {
  return scopes.getStore()?.traceparent;
}

/** A new span: of the parent's trace when the parent is well formed, else the first of a new trace, sampled. */
export function childTraceparent(parent: string | undefined): string {
  const spanId = randomBytes(8).toString('hex');
  if (parent === undefined || !TRACEPARENT.test(parent)) return `00-${randomBytes(16).toString('hex')}-${spanId}-01`;
  return `${parent.slice(0, 36)}${spanId}${parent.slice(52)}`;
}

/** The 32 hex digits shared by all spans of a trace. */
export function traceIdOf(traceparent: string): string {
  return traceparent.slice(3, 35);
}
