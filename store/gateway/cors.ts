import type { EdgeRequest } from 'relearn';
import type { Origin } from './origins.ts';

const ALLOWED = {
  'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
  'access-control-allow-headers':
    'authorization, content-type, idempotency-key, if-match, last-event-id, traceparent, x-api-key',
  'access-control-max-age': '600',
};
const EXPOSED = 'etag, ratelimit, ratelimit-policy, retry-after, x-request-id';

export function isPreflight({ method, headers }: EdgeRequest): boolean {
  return method === 'OPTIONS' && headers.origin !== undefined && headers['access-control-request-method'] !== undefined;
}

/** What pages of an allowed site are told, and caches of all replies; credentials are never allowed, so that cookies stay at home. */
export function corsHeaders(request: EdgeRequest, origin: Origin): Record<string, string> {
  if (origin !== 'allowed') return { vary: 'origin' };
  const allowed = { vary: 'origin', 'access-control-allow-origin': request.headers.origin as string };
  if (isPreflight(request)) return { ...allowed, ...ALLOWED };
  return { ...allowed, 'access-control-expose-headers': EXPOSED };
}
