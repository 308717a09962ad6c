import { LRUCache } from 'lru-cache';

export interface BucketRule {
  /** Tokens that come back each second. */
  readonly perSecond: number;
  /** Tokens of a full bucket: what may come all at once. */
  readonly burst: number;
}

interface Bucket {
  tokens: number;
  atMs: number;
}

/** What came of asking for a token. */
export interface Taken {
  readonly allowed: boolean;
  /** Whole tokens left. */
  readonly left: number;
  /** Until the next token, ms; 0 while there are any. */
  readonly waitMs: number;
}

/** Buckets that hold. One that was pushed out begins full again: whoever floods the table with keys gains what each key may have anyway. */
const BUCKETS_MAX = 100_000;

/** Token buckets by key. A clock that goes back gives nothing, nor does it when it comes forward again. */
export class TokenBuckets {
  readonly #rule: BucketRule;
  readonly #clock: () => number;
  readonly #buckets = new LRUCache<string, Bucket>({ max: BUCKETS_MAX });

  constructor(rule: BucketRule, clock: () => number) {
    this.#rule = rule;
    this.#clock = clock;
  }

  take(key: string): Taken {
    const { perSecond, burst } = this.#rule;
    const nowMs = this.#clock();
    const bucket = this.#buckets.get(key) ?? { tokens: burst, atMs: nowMs };
    bucket.tokens = Math.min(burst, bucket.tokens + (Math.max(0, nowMs - bucket.atMs) / 1_000) * perSecond);
    bucket.atMs = Math.max(bucket.atMs, nowMs);
    const allowed = bucket.tokens >= 1;
    if (allowed) bucket.tokens -= 1;
    this.#buckets.set(key, bucket);
    const missing = Math.max(0, 1 - bucket.tokens);
    return { allowed, left: Math.floor(bucket.tokens), waitMs: Math.ceil((missing / perSecond) * 1_000) };
  }
}
