import type { Logger } from 'pino';
import { ProblemError } from '../contract/problem.ts';
import type { Trainer } from './trainer.ts';

const LOOK_EVERY_MS = 1_000;

/** Outcomes that stream in, an import say, are let come to a rest this long before they are trained on, ms. */
export const REST_MS = 2_000;

/** But no longer than this after there were enough, ms. */
export const REST_MS_MAX = 120_000;

export interface RetrainingParts {
  readonly everyMs: number | undefined;
  readonly outcomesMin: number | undefined;
  readonly trainer: Trainer;
  readonly clock: () => number;
  readonly log: Logger;
  /** When the last training began, ms; undefined when there was none. */
  readonly lastStartedAtMs: number | undefined;
  /** Outcomes recorded since then. */
  readonly outcomeCount: number;
}

/** Starts trainings unasked: after so much time, or so many outcomes, since the last one began. */
export class Retraining {
  readonly #parts: RetrainingParts;
  readonly #timer: NodeJS.Timeout;
  #outcomeCount: number;
  #outcomeAtMs = Number.NEGATIVE_INFINITY;
  #enoughAtMs: number | undefined;
  #lastStartedAtMs: number;

  constructor(parts: RetrainingParts) {
    this.#parts = parts;
    this.#outcomeCount = parts.outcomeCount;
    this.#lastStartedAtMs = parts.lastStartedAtMs ?? parts.clock();
    this.#timer = setInterval(() => void this.look(), LOOK_EVERY_MS);
    this.#timer.unref();
  }

  noteOutcomes(count: number): void {
    if (count === 0) return;
    const { clock, outcomesMin } = this.#parts;
    this.#outcomeCount += count;
    this.#outcomeAtMs = clock();
    if (outcomesMin !== undefined && this.#outcomeCount >= outcomesMin) this.#enoughAtMs ??= clock();
  }

  /** Called whenever a training begins, asked for or not. */
  noteStart(): void {
    this.#outcomeCount = 0;
    this.#enoughAtMs = undefined;
    this.#lastStartedAtMs = this.#parts.clock();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Starts a training when one is due. */
  async look(): Promise<void> {
    const reason = this.#due();
    if (reason === undefined || this.#parts.trainer.running !== undefined) return;
    this.noteStart();
    try {
      await this.#parts.trainer.start({ reason });
    } catch (error) {
      if (error instanceof ProblemError) return;
      this.#parts.log.error({ err: error }, 'A training that was due could not start');
    }
  }

  #due(): string | undefined {
    const { everyMs, outcomesMin, clock } = this.#parts;
    const enough = outcomesMin !== undefined && this.#outcomeCount >= outcomesMin;
    if (enough && this.#isAtRest(clock())) return `${this.#outcomeCount} outcomes`;
    if (everyMs !== undefined && clock() - this.#lastStartedAtMs >= everyMs) return 'schedule';
    return undefined;
  }

  #isAtRest(nowMs: number): boolean {
    return nowMs - this.#outcomeAtMs >= REST_MS || nowMs - (this.#enoughAtMs ?? nowMs) >= REST_MS_MAX;
  }
}
