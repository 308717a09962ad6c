import type { EdgeRequest } from 'relearn';

/** Where a request was made, as far as the browser says. */
export type Origin = 'own' | 'allowed' | 'foreign' | 'unsaid';

/** Tells requests of the shop's own pages from those of other sites. */
export class Origins {
  readonly #own: string;
  readonly #allowed: ReadonlySet<string>;

  /**
   * @param own - Origin of the shop: `https://shop.example`.
   * @param allowed - Origins whose pages may call the API, without cookies.
   */
  constructor(own: string, allowed: readonly string[]) {
    this.#own = new URL(own).origin;
    this.#allowed = new Set(allowed.map((origin) => new URL(origin).origin));
  }

  of({ headers }: Pick<EdgeRequest, 'headers'>): Origin {
    const origin = headers.origin as string | undefined;
    const site = headers['sec-fetch-site'];
    if (origin !== undefined && this.#allowed.has(origin)) return 'allowed';
    // What the browser says of itself cannot be set by a page.
    if (site !== undefined) return site === 'same-origin' || site === 'none' ? 'own' : 'foreign';
    if (origin === undefined) return 'unsaid';
    return origin === this.#own || hostOf(origin) === headers.host ? 'own' : 'foreign';
  }
}

/** Undefined for `null` and what is no URL. */
function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether a request would change something on behalf of somebody whose browser another site has led here. */
export function isForged(
  { method }: Pick<EdgeRequest, 'method'>,
  { origin, hasCookies }: { origin: Origin; hasCookies: boolean },
): boolean {
  if (SAFE_METHODS.has(method)) return false;
  return origin === 'foreign' || (origin === 'unsaid' && hasCookies);
}
