import type { Static, TSchema } from 'typebox';
import type { ClientOf, Contract } from '../contract/contract.ts';
import type { EventType } from '../contract/event.ts';
import type { Operation } from '../contract/operation.ts';
import type { HandlersOf, Service, ServiceContext, ServiceParts } from '../service/service.ts';
import type { Migration, Store } from '../store/store.ts';

/** What is learned: answers features with an output. Loaded whole, never changed while it serves. */
export interface Model<Features = unknown, Output = unknown> {
  predict(features: Features): Output;
}

/** What training is given; nothing else may influence its result. */
export interface TrainingContext {
  readonly seed: number;
  /** The end of the data range: "now" for decay and trend, ms since the epoch. */
  readonly nowMs: number;
  readonly signal: AbortSignal;
  /** Called with the share done, 0 to 1. */
  progress(share: number, note?: string): void;
}

/** A model with settings, tried for a task. Listed from simple to complex: the simplest that is not worse wins. */
export interface Trial<
  Data = any,
  Features = any,
  Output = any,
  M extends Model<Features, Output> = Model<Features, Output>,
> {
  /** Unique within the service: `ease-60d`. */
  readonly name: string;
  /** Name and number of the encoding, e.g. `ease/1`; a version of a format this code does not know never becomes ready. */
  readonly format: string;
  readonly settings: Readonly<Record<string, unknown>>;
  train(data: Data, context: TrainingContext): Promise<M> | M;
  encode(model: M): Uint8Array;
  decode(bytes: Uint8Array): M;
}

/** A part of the data to train on and what came after it. */
export interface Window<Data = any, Cases = any> {
  readonly name: string;
  readonly train: Data;
  readonly cases: Cases;
  readonly nowMs: number;
}

/** How trials are compared. `score` gives each metric per unit (user, class or row), so that models are compared on the same units. */
export interface Evaluation<Data = any, M extends Model = any, Cases = any> {
  /** Metric that chooses, higher is better: `ndcg@20`. */
  readonly primary: string;
  windows(data: Data): readonly Window<Data, Cases>[];
  score(model: M, cases: Cases): Promise<Record<string, Float64Array>> | Record<string, Float64Array>;
}

/** One row joined from a decision's logged features and its outcome. */
export interface Example<Features = unknown, Outcome = unknown> {
  readonly features: Features;
  readonly outcome: Outcome;
  readonly atMs: number;
}

/** One prediction given, as it is logged. */
export interface Decision<Output = unknown> {
  /** UUID v7; travels with the answer, so that outcomes can be joined to it. */
  readonly id: string;
  /** Version that answered; undefined when the fallback did. */
  readonly version: string | undefined;
  readonly output: Output;
  /** True when the fallback answered. */
  readonly degraded: boolean;
}

/** The running loop of one AI service, given to its handlers. */
export interface Ai<Features = any, Output = any> {
  /** Predicts with the champion and logs the decision; synchronous up to the log, which is batched (see `docs/architecture.md` for what a crash can lose). */
  decide(request: {
    readonly unit: string;
    readonly surface?: string;
    readonly features: Features;
    fallback(): Output;
  }): Decision<Output>;
  /** The version that answers, if one is ready. */
  champion():
    | {
        readonly version: string;
        readonly model: Model<Features, Output>;
        readonly trial: string;
        readonly trainedAtMs: number;
      }
    | undefined;
  /** Starts a training in a worker and answers at once; one at a time. */
  train(request?: { readonly reason?: string; readonly seed?: number }): Promise<TrainingRun>;
  /** Resolves when no training is running. */
  idle(): Promise<void>;
}

export interface LeaderboardRow {
  readonly trial: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Means over units of all windows. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Paired bootstrap against the simplest trial: 95 % interval of the difference in the primary metric. */
  readonly difference: readonly [low: number, high: number];
  readonly trainMs: number;
  readonly scoreMs: number;
  readonly sizeBytes: number;
  readonly chosen: boolean;
}

export interface TrainingRun {
  readonly id: string;
  readonly state: 'running' | 'succeeded' | 'failed' | 'cancelled';
  /** 0 to 1. */
  readonly progress: number;
  readonly note: string;
  readonly startedAtMs: number;
  readonly endedAtMs?: number;
  readonly version?: string;
  readonly leaderboard?: readonly LeaderboardRow[];
  readonly error?: string;
}

/** A trained trial, immutable. */
export interface VersionRecord {
  readonly id: string;
  readonly trial: string;
  readonly format: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly seed: number;
  /** Log offsets of the data it was trained on, [from, to). */
  readonly dataRange: readonly [from: number, to: number];
  readonly metrics: Readonly<Record<string, number>>;
  readonly featureRevision: number;
  /** SHA-256 of the features' and output's schemas. */
  readonly schemaHash: string;
  /** SHA-256 of the encoded model, its name in the artifacts. */
  readonly artifact: string;
  readonly sizeBytes: number;
  readonly trainedAtMs: number;
  readonly state: 'champion' | 'retired' | 'ready' | 'refused';
}

/** What the operator of an AI service writes; everything with a default may be left out. */
export interface AiServiceDefinition<
  Input extends TSchema = TSchema,
  Features extends TSchema = TSchema,
  Output extends TSchema = TSchema,
  Outcome extends TSchema = TSchema,
  Data = readonly Example<Static<Features>, Static<Outcome>>[],
  Operations extends Record<string, Operation> = Record<never, never>,
  Events extends Record<string, EventType> = Record<never, never>,
  Uses extends Record<string, Contract> = Record<never, never>,
> {
  /** `import.meta.url`: the training worker imports this module and takes its default export. */
  readonly module: string;
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly uses?: Uses;
  readonly input: Input;
  readonly output: Output;
  /** Who is randomised, counted, and forgotten on request. */
  unit(input: Static<Input>): string;
  /** Computed for each request and logged with the decision; the input itself when left out. */
  readonly features?: {
    readonly revision: number;
    readonly schema: Features;
    compute(
      input: Static<Input>,
      context: {
        readonly store: Store;
        readonly clients: { readonly [K in keyof Uses]: ClientOf<Uses[K]> };
        readonly signal: AbortSignal;
      },
    ): Promise<Static<Features>> | Static<Features>;
  };
  readonly outcome?: { readonly schema: Outcome; readonly windowMs: number };
  reward?(output: Static<Output>, outcome: Static<Outcome>): number;
  readonly trials: readonly Trial<Data, Static<Features>, Static<Output>, any>[];
  /** Where training data come from; decisions joined to outcomes, and examples brought along, when left out. Runs in the worker, on a store it may only read. */
  readonly dataset?: {
    load(
      store: Store,
      context: { readonly nowMs: number; readonly signal: AbortSignal },
    ): Promise<{ readonly data: Data; readonly range: readonly [number, number] }>;
  };
  /** How trials are compared; the newest fifth held out and the mean reward when left out. */
  readonly evaluation?: Evaluation<Data, any, any>;
  /** Synthetic inputs kept with a version together with its answers. */
  golden(data: Data): readonly Static<Features>[];
  /** Answers when no model can; marked degraded. */
  fallback(input: Static<Input>): Static<Output>;
  readonly retrain?: { readonly everyMs?: number; readonly outcomesMin?: number };
  readonly seed?: number;
  /** Operations of its own beside the ones every AI service has. */
  readonly operations?: Operations;
  readonly events?: Events;
  readonly migrations?: readonly Migration[];
  /** Handlers of its own operations, consumers, checks. */
  setup?(
    ai: Ai<Static<Features>, Static<Output>>,
    context: ServiceContext<any, Uses>,
  ): Promise<OwnParts<Operations>> | OwnParts<Operations>;
}

type OwnParts<Operations extends Record<string, Operation>> = Omit<ServiceParts<Contract>, 'handlers'> & {
  readonly handlers: HandlersOf<Contract<Operations, Record<never, never>>>;
};

/** A service whose definition the training worker can find again. */
export interface AiService<Definition = AiServiceDefinition<any, any, any, any, any, any, any, any>>
  extends Service<any, any, any> {
  readonly definition: Definition;
}
