import type { Caller } from '../contract/caller.ts';
import type { Contract } from '../contract/contract.ts';
import type { ProblemError } from '../contract/problem.ts';

/** A request as it arrives, before anything of it is trusted. */
export interface EdgeRequest {
  readonly method: string;
  /** Path with its query: `/api/cart?x=1`. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** IP address it came from, behind trusted proxies. */
  readonly address: string;
}

/** What an edge makes of a request. */
export interface Admission {
  /** Who calls, where the edge knows: by a session cookie, an API key. Undefined: the request's own token says. */
  readonly caller?: Caller;
  /** The token to pass on with the request when its service runs in another process. */
  readonly token?: string;
  /** Added to the reply, a refusal's too. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** The request goes no further: this is its answer. */
  readonly refusal?: ProblemError;
  /** The request goes no further: it is answered with 204 and the headers, as a CORS preflight is. */
  readonly answered?: true;
}

/** What stands between the world and the services: sessions, limits, routes. It holds no rule of any business. */
export interface Edge {
  /** Called for every request before anything else. What it throws becomes a problem too, without headers. */
  admit(request: EdgeRequest): Admission | Promise<Admission>;
  /** Services whose `/api/<name>` is passed on to where they run (`<NAME>_URL`) when they are not in this process. */
  readonly routes: readonly Contract[];
}
