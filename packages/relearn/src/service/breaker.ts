/** When a callee is left alone, and for how long. */
export interface BreakerOptions {
  /** Failures in a row that open the circuit. */
  readonly failuresMax?: number;
  /** Rest after opening, doubled with each failed probe. */
  readonly restMs?: number;
  readonly restMsMax?: number;
}

/**
 * Keeps calls from a callee that fails: after several failures in a row none goes out for a while, then one probes; its success
 * closes the circuit again. Times are of a monotonic clock, ms.
 */
export class Breaker {
  readonly #failuresMax: number;
  readonly #restMs: number;
  readonly #restMsMax: number;
  #failures = 0;
  #nextRestMs: number;
  #openUntilMs = 0;
  #isProbing = false;

  constructor({ failuresMax = 8, restMs = 500, restMsMax = 15_000 }: BreakerOptions = {}) {
    this.#failuresMax = failuresMax;
    this.#restMs = restMs;
    this.#restMsMax = restMsMax;
    this.#nextRestMs = restMs;
  }

  /** Whether a call may go out now; one that may must end in {@link succeeded}, {@link failed} or {@link released}. */
  admits(nowMs: number): boolean {
    if (this.#failures < this.#failuresMax) return true;
    if (nowMs < this.#openUntilMs || this.#isProbing) return false;
    this.#isProbing = true;
    return true;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#isProbing = false;
    this.#nextRestMs = this.#restMs;
  }

  failed(nowMs: number): void {
    this.#failures++;
    this.#isProbing = false;
    if (this.#failures < this.#failuresMax) return;
    this.#openUntilMs = nowMs + this.#nextRestMs;
    this.#nextRestMs = Math.min(this.#nextRestMs * 2, this.#restMsMax);
  }

  /** The call ended without saying anything of the callee: its caller gave up. */
  released(): void {
    this.#isProbing = false;
  }
}
