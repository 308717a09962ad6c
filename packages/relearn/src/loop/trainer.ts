import { totalmem } from 'node:os';
import type { Logger } from 'pino';
import { v7 as uuid } from 'uuid';
import type { Artifacts } from '../artifacts/artifacts.ts';
import { ProblemError } from '../contract/problem.ts';
import type { Store } from '../store/store.ts';
import { loopProblems } from './ai-contract.ts';
import type { ChampionOrigin } from './champion-trial.ts';
import type { AnyDefinition } from './definition.ts';
import { featureRevisionOf } from './load-examples.ts';
import { schemaHashOf } from './load-version.ts';
import type { Trial } from './model.ts';
import type { Rollout } from './rollout.ts';
import { TrainingCancelled, type TrainingDone, trainInWorker } from './train-in-worker.ts';
import type { TrainingHistory } from './training-history.ts';
import type { TrainingBudget, TrainingRun, TrainingWishes } from './training-run.ts';
import type { VersionRecord } from './version.ts';
import type { VersionRegistry } from './version-registry.ts';

export interface TrainerParts {
  readonly definition: AnyDefinition;
  readonly store: Store;
  readonly artifacts: Artifacts;
  readonly registry: VersionRegistry;
  readonly rollout: Rollout;
  readonly history: TrainingHistory;
  readonly clock: () => number;
  readonly log: Logger;
  /** Called when a training ends, with how long it took. */
  onEnd(this: void, state: TrainingRun['state'], seconds: number): void;
}

/** Within which a training begins its trials unless told otherwise. */
const TIME_MS = 30 * 60_000;

interface Limits {
  readonly signal: AbortSignal;
  readonly budget: TrainingBudget;
}

/**
 * Trains in a worker, one training at a time, and lets the version take over when it holds up. Every run is in the history, from its
 * start to its end.
 */
export class Trainer {
  readonly #parts: TrainerParts;
  #current: { run: TrainingRun; readonly cancel: AbortController; readonly ended: Promise<void> } | undefined;
  #starting = false;

  constructor(parts: TrainerParts) {
    this.#parts = parts;
  }

  /** The training that runs, with its progress. */
  get running(): TrainingRun | undefined {
    return this.#current?.run;
  }

  /** @throws ProblemError `loop.training-running` */
  async start({
    reason = 'asked for',
    seed = this.#parts.definition.seed ?? 1,
    budget = {},
  }: TrainingWishes = {}): Promise<TrainingRun> {
    if (this.#starting || this.#current !== undefined) throw new ProblemError(loopProblems.trainingRunning);
    this.#starting = true;
    try {
      const { clock, history } = this.#parts;
      const begun = {
        id: uuid(),
        state: 'running',
        reason,
        seed,
        progress: 0,
        note: 'starting',
        startedAtMs: clock(),
      } as const;
      await history.write(begun);
      const cancel = new AbortController();
      const ended = this.#train(begun, { signal: cancel.signal, budget: this.#budget(budget) });
      this.#current = { run: begun, cancel, ended };
      return begun;
    } finally {
      this.#starting = false;
    }
  }

  async find(id: string): Promise<TrainingRun | undefined> {
    return this.#current?.run.id === id ? this.#current.run : this.#parts.history.find(id);
  }

  /** Resolves when the training has ended; one that has ended already stays as it is. */
  async cancel(id: string): Promise<TrainingRun | undefined> {
    if (this.#current?.run.id === id) {
      this.#current.cancel.abort();
      await this.#current.ended;
    }
    return this.find(id);
  }

  /** Resolves when no training is running. */
  async idle(): Promise<void> {
    while (this.#current !== undefined) await this.#current.ended;
  }

  async close(): Promise<void> {
    this.#current?.cancel.abort();
    await this.idle();
  }

  #budget(asked: Partial<TrainingBudget>): TrainingBudget {
    return { timeMs: TIME_MS, memoryBytes: totalmem() / 2, ...this.#parts.definition.budget, ...asked };
  }

  async #train(begun: TrainingRun, limits: Limits): Promise<void> {
    const { clock, history, log, onEnd } = this.#parts;
    const outcome = await this.#outcome(begun, limits);
    const run: TrainingRun = { ...(this.running ?? begun), ...outcome, endedAtMs: clock() };
    log.info({ training: run.id, state: run.state, version: run.version, error: run.error }, 'A training ended');
    onEnd(run.state, (run.endedAtMs! - run.startedAtMs) / 1000);
    try {
      await history.write(run);
    } catch (error) {
      log.error({ err: error, training: run.id }, 'The end of a training could not be recorded');
    } finally {
      this.#current = undefined;
    }
  }

  async #outcome(begun: TrainingRun, { signal, budget }: Limits): Promise<Partial<TrainingRun>> {
    const { definition, store } = this.#parts;
    try {
      const order = {
        module: definition.module,
        storePath: store.path,
        seed: begun.seed,
        nowMs: begun.startedAtMs,
        champion: await this.#champion(),
        budget,
      };
      const onProgress = (share: number, note: string | undefined) => this.#progress(share, note);
      const heapMb = definition.trainingHeapMb;
      const done = await trainInWorker(order, { signal, onProgress, heapMb });
      return await this.#takeOver(begun, done);
    } catch (error) {
      if (error instanceof TrainingCancelled) return { state: 'cancelled', note: 'cancelled' };
      return { state: 'failed', note: 'failed', error: (error as Error).message };
    }
  }

  async #champion(): Promise<ChampionOrigin | undefined> {
    const { registry, rollout } = this.#parts;
    const record = rollout.champion && (await registry.find(rollout.champion.version));
    return record && { id: record.id, trial: record.trial, settings: record.settings };
  }

  #progress(share: number, note: string | undefined): void {
    const current = this.#current;
    if (current === undefined) return;
    current.run = { ...current.run, progress: Math.max(current.run.progress, share), note: note ?? current.run.note };
  }

  /** Keeps the new version, and lets it answer unless it is held back. */
  async #takeOver(begun: TrainingRun, { trained, range }: TrainingDone): Promise<Partial<TrainingRun>> {
    const { registry, rollout } = this.#parts;
    const record = await this.#keep(begun, { trained, range });
    const { heldBack, leaderboard, leftOut } = trained;
    const refused = heldBack === undefined ? await rollout.tryPromote(record) : undefined;
    if (heldBack !== undefined) await registry.explain(record.id, heldBack);
    const note = heldBack ?? refused ?? `${record.id} (${record.trial}) answers`;
    return { state: 'succeeded', progress: 1, note, version: record.id, leaderboard, leftOut };
  }

  async #keep({ seed, startedAtMs }: TrainingRun, { trained, range }: TrainingDone): Promise<VersionRecord> {
    const { definition, artifacts, registry } = this.#parts;
    const trial: Trial = definition.trials.find(({ name }: Trial) => name === trained.trial)!;
    return registry.add({
      trial: trial.name,
      format: trial.format,
      settings: trained.settings,
      seed,
      dataRange: range,
      metrics: trained.metrics,
      featureRevision: featureRevisionOf(definition),
      schemaHash: schemaHashOf(definition),
      artifact: await artifacts.put(trained.bytes),
      sizeBytes: trained.bytes.length,
      trainedAtMs: startedAtMs,
      golden: trained.golden,
    });
  }
}
