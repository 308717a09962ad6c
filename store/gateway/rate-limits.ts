import { frameworkProblems, ProblemError } from 'relearn';
import { networkOf } from './networks.ts';
import { type BucketRule, type Taken, TokenBuckets } from './token-buckets.ts';

/** What is counted together: all requests of one API key, or all others of one IP address (of IPv6: of one /64 network). */
export type Counted = { readonly key: string } | { readonly address: string };

export interface Limited {
  readonly headers: Record<string, string>;
  readonly refusal?: ProblemError;
}

/** Limits requests, and says so as the IETF's draft on `RateLimit` fields has it. */
export class RateLimits {
  readonly #keys: Limit;
  readonly #addresses: Limit;

  constructor(rules: { keys: BucketRule; addresses: BucketRule }, clock: () => number) {
    this.#keys = new Limit('key', rules.keys, clock);
    this.#addresses = new Limit('address', rules.addresses, clock);
  }

  take(counted: Counted): Limited {
    return 'key' in counted ? this.#keys.take(counted.key) : this.#addresses.take(networkOf(counted.address));
  }
}

class Limit {
  readonly #buckets: TokenBuckets;
  readonly #name: string;
  readonly #policy: string;

  constructor(name: string, rule: BucketRule, clock: () => number) {
    this.#buckets = new TokenBuckets(rule, clock);
    this.#name = name;
    this.#policy = `"${name}";q=${rule.burst};w=${Math.ceil(rule.burst / rule.perSecond)}`;
  }

  take(key: string): Limited {
    const taken = this.#buckets.take(key);
    const headers = this.#headers(taken);
    if (taken.allowed) return { headers };
    const refusal = new ProblemError(frameworkProblems.rateLimited);
    return { headers: { ...headers, 'retry-after': String(Math.max(1, Math.ceil(taken.waitMs / 1_000))) }, refusal };
  }

  #headers({ left, waitMs }: Taken): Record<string, string> {
    const reset = waitMs === 0 ? '' : `;t=${Math.ceil(waitMs / 1_000)}`;
    return { 'ratelimit-policy': this.#policy, ratelimit: `"${this.#name}";r=${left}${reset}` };
  }
}
