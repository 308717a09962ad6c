import type { Logger } from 'pino';
import type { Decision, DecisionRequest } from './decision.ts';
import { decisionIds } from './decision-id.ts';
import type { DecisionLog } from './decision-log.ts';
import type { Rollout } from './rollout.ts';

export interface DeciderParts {
  readonly rollout: Rollout;
  readonly decisions: DecisionLog;
  readonly featureRevision: number;
  readonly clock: () => number;
  readonly log: Logger;
}

/** How many decisions each version gave; the fallback's are counted under none. */
export type DecisionCounts = ReadonlyMap<string | undefined, number>;

/** Predicts and logs, in one synchronous step. About 2 µs beside the model. */
export class Decider {
  readonly #parts: DeciderParts;
  readonly #newId = decisionIds();
  readonly #counts = new Map<string | undefined, number>();
  #failing: string | undefined;

  constructor(parts: DeciderParts) {
    this.#parts = parts;
  }

  get counts(): DecisionCounts {
    return this.#counts;
  }

  decide<Features, Output>(request: DecisionRequest<Features, Output>): Decision<Output> {
    const champion = this.#parts.rollout.champion;
    if (champion === undefined) return this.#log(request, { output: request.fallback(), version: undefined });
    try {
      const output = champion.model.predict(request.features) as Output;
      return this.#log(request, { output, version: champion.version });
    } catch (error) {
      this.#noteFailure(champion.version, error);
      return this.#log(request, { output: request.fallback(), version: undefined });
    }
  }

  /** A model that fails does so on many requests: its version is logged once. */
  #noteFailure(version: string, error: unknown): void {
    if (this.#failing === version) return;
    this.#failing = version;
    this.#parts.log.error({ err: error, version }, 'The model failed on a request; the fallback answers');
  }

  #log<Features, Output>(
    { unit, surface = '', features, log }: DecisionRequest<Features, Output>,
    { output, version }: { output: Output; version: string | undefined },
  ): Decision<Output> {
    const { clock, featureRevision, decisions } = this.#parts;
    const atMs = clock();
    const id = this.#newId(atMs);
    const degraded = version === undefined;
    this.#counts.set(version, (this.#counts.get(version) ?? 0) + 1);
    const logged = log?.(output) ?? { features, output };
    decisions.append({ id, atMs, unit, surface, version, degraded, featureRevision, ...logged });
    return { id, version, output, degraded };
  }
}
