import {
  type Admission,
  anonymous,
  type Contract,
  type Edge,
  type EdgeRequest,
  type Identity,
  ProblemError,
} from 'relearn';
import type { Browsers } from './browsers.ts';
import { bodyTooLarge, requestForged } from './contract.ts';
import { type BrowserCookies, readCookies } from './cookies.ts';
import { corsHeaders, isPreflight } from './cors.ts';
import type { OpenOperations } from './open-operations.ts';
import { isForged, type Origin, type Origins } from './origins.ts';
import { apiKeyOf, type Partners } from './partners.ts';
import type { Counted, RateLimits } from './rate-limits.ts';

export interface EdgeParts {
  readonly routes: readonly Contract[];
  readonly identity: Identity;
  readonly browsers: Browsers;
  readonly partners: Partners;
  readonly open: OpenOperations;
  readonly limits: RateLimits;
  readonly origins: Origins;
  /** Sent with every reply. */
  readonly safety: Readonly<Record<string, string>>;
  /** Of bodies that say their length; others are cut off at what their operation takes. */
  readonly bodyBytesMax: number;
}

/** What every request passes before any service sees it. Pages and health pass as they are; the API is for known callers, within limits. */
export function gatewayEdge(parts: EdgeParts): Edge {
  return {
    routes: parts.routes,
    async admit(request) {
      const headers = { ...parts.safety };
      if (!request.url.startsWith('/api/')) return { headers: await withGuest(parts, request, headers) };
      const admission = await admitToApi(parts, request);
      return { ...admission, headers: { ...headers, ...API_POLICY, ...admission.headers } };
    },
  };
}

/** Replies of the API are never pages. */
const API_POLICY = { 'content-security-policy': "default-src 'none'; frame-ancestors 'none'" };

type Headers = Record<string, string | readonly string[]>;

async function admitToApi(parts: EdgeParts, request: EdgeRequest): Promise<Admission> {
  const origin = parts.origins.of(request);
  const cors = corsHeaders(request, origin);
  if (isPreflight(request)) return { headers: cors, answered: true };
  const key = apiKeyOf(request.headers);
  if (key !== undefined) return asPartner(parts, request, { key, cors });
  const cookies = readCookies(origin === 'allowed' ? undefined : (request.headers.cookie as string | undefined));
  const { headers, refusal } = limited(parts, { address: request.address }, cors);
  if (refusal !== undefined) return { headers, refusal };
  const refused = refusalOf(request, { origin, cookies, bodyBytesMax: parts.bodyBytesMax });
  if (refused !== undefined) return { headers, refusal: refused };
  if (request.headers.authorization !== undefined) return { headers, ...bearer(request.headers.authorization) };
  return asBrowser(parts, request, { headers, cookies });
}

function limited({ limits }: Pick<EdgeParts, 'limits'>, counted: Counted, cors: Headers) {
  const { headers, refusal } = limits.take(counted);
  return { headers: { ...headers, ...cors }, ...(refusal !== undefined && { refusal }) };
}

async function asPartner(
  { partners, identity, ...parts }: EdgeParts,
  request: EdgeRequest,
  { key, cors }: { key: string; cors: Headers },
): Promise<Admission> {
  // Guesses count against the address they come from.
  const guess = partners.knows(key) ? undefined : limited(parts, { address: request.address }, cors);
  if (guess?.refusal !== undefined) return guess;
  const partner = await partners.tokenFor(key).catch(asProblem);
  if (partner instanceof ProblemError) return { headers: guess?.headers ?? cors, refusal: partner };
  const { headers, refusal = sizeRefusal(request, parts.bodyBytesMax) } = limited(parts, { key: partner.keyId }, cors);
  if (refusal !== undefined) return { headers, refusal };
  return { headers, caller: await identity.callerOf(partner.accessToken), token: partner.accessToken };
}

/** While users cannot be asked who somebody is, they are nobody, to whom everything stays open that is so for all. */
async function asBrowser(
  { browsers, open }: EdgeParts,
  request: EdgeRequest,
  { headers, cookies }: { headers: Headers; cookies: BrowserCookies },
): Promise<Admission> {
  const browser = await browsers.known(cookies).catch(asProblem);
  if (browser instanceof ProblemError) {
    return open.has(request) ? { headers, caller: anonymous } : { headers, refusal: browser };
  }
  const { caller, token, cookies: kept } = browser;
  return {
    headers: kept.length === 0 ? headers : { ...headers, 'set-cookie': kept },
    caller,
    ...(token !== undefined && { token }),
  };
}

/** A problem is the answer to a request; anything else is a fault of the gateway. */
function asProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  throw error;
}

/** A token of its own is passed on as it came; who it speaks of is found out where it is used. */
function bearer(authorization: string | string[]): Pick<Admission, 'token'> {
  const [, token] = String(authorization).split(' ', 2);
  return token === undefined ? {} : { token };
}

function refusalOf(
  request: EdgeRequest,
  { origin, cookies, bodyBytesMax }: { origin: Origin; cookies: BrowserCookies; bodyBytesMax: number },
): ProblemError | undefined {
  const hasCookies = Object.values(cookies).some((cookie) => cookie !== undefined);
  if (isForged(request, { origin, hasCookies })) return new ProblemError(requestForged);
  return sizeRefusal(request, bodyBytesMax);
}

function sizeRefusal({ headers }: EdgeRequest, bytesMax: number): ProblemError | undefined {
  const isTooLarge = Number(headers['content-length'] ?? 0) > bytesMax;
  return isTooLarge ? new ProblemError(bodyTooLarge, { data: { bytesMax } }) : undefined;
}

/** Who opens a page for the first time is a guest from then on, so that all that the page asks for is asked by the same one. */
async function withGuest(
  { browsers, limits }: EdgeParts,
  { method, headers, address }: EdgeRequest,
  reply: Headers,
): Promise<Headers> {
  const isPage = method === 'GET' && String(headers.accept ?? '').includes('text/html');
  if (!isPage || readCookies(headers.cookie as string | undefined).visitor !== undefined) return reply;
  // Whoever asks for page after page and keeps no cookie gets pages alone.
  if (limits.take({ address }).refusal !== undefined) return reply;
  return { ...reply, 'set-cookie': (await browsers.newGuest()).cookies };
}
