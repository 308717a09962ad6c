import { ProblemError } from 'relearn';
import { attemptsTooMany } from './contract.ts';

/** At most `attemptsMax` within `windowMs`, counted from the first of them. */
export interface AttemptRule {
  readonly attemptsMax: number;
  readonly windowMs: number;
}

interface Window {
  count: number;
  endsAtMs: number;
}

/**
 * Counts attempts by key in windows of time, in memory: a restart begins anew. Keeps up to 100,000 keys; when there are more, those of the windows
 * that began first are forgotten.
 */
export class AttemptLimit {
  readonly #windows = new Map<string, Window>();

  readonly #rule: AttemptRule;
  readonly #clock: () => number;

  constructor(rule: AttemptRule, clock: () => number) {
    this.#rule = rule;
    this.#clock = clock;
  }

  /** Counts an attempt before it is made, so that many at once gain nothing. @throws ProblemError `users.attempts-too-many`. */
  count(key: string): void {
    const nowMs = this.#clock();
    const window = this.#windowOf(key, nowMs);
    if (window.count >= this.#rule.attemptsMax) {
      throw new ProblemError(attemptsTooMany, { data: { retryAfterMs: window.endsAtMs - nowMs } });
    }
    window.count++;
  }

  /** Forgets the attempts of a key: its owner has come in. */
  forget(key: string): void {
    this.#windows.delete(key);
  }

  #windowOf(key: string, nowMs: number): Window {
    const kept = this.#windows.get(key);
    if (kept !== undefined && kept.endsAtMs > nowMs) return kept;
    this.#windows.delete(key);
    this.#makeRoom();
    const window = { count: 0, endsAtMs: nowMs + this.#rule.windowMs };
    this.#windows.set(key, window);
    return window;
  }

  #makeRoom(): void {
    if (this.#windows.size < KEYS_MAX) return;
    const [oldest] = this.#windows.keys();
    if (oldest !== undefined) this.#windows.delete(oldest);
  }
}

const KEYS_MAX = 100_000;
