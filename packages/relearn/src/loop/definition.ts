import type { Static, TSchema } from 'typebox';
import type { ClientOf, Contract } from '../contract/contract.ts';
import type { EventType } from '../contract/event.ts';
import type { Access, Operation } from '../contract/operation.ts';
import type { HandlersOf, ServiceContext, ServiceParts } from '../service/service.ts';
import type { Migration, Store } from '../store/store.ts';
import type { Ai } from './ai.ts';
import type { Example } from './decision.ts';
import type { Evaluation } from './evaluation.ts';
import type { Trial } from './model.ts';
import type { TrainingBudget } from './training-run.ts';

/** What the author of an AI service writes; everything with a default may be left out. */
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
  /** Who may ask for predictions; everyone when left out. `service` where the input names a person. */
  readonly access?: Access;
  readonly input: Input;
  readonly output: Output;
  /** Who is randomised, counted, and forgotten on request. */
  unit(this: void, input: Static<Input>): string;
  /** Computed for each request and logged with the decision; the input itself when left out. */
  readonly features?: {
    /** Raised when the meaning changes; older examples are left out of training then. */
    readonly revision: number;
    readonly schema: Features;
    compute(
      this: void,
      input: Static<Input>,
      context: {
        readonly store: Store;
        readonly clients: { readonly [K in keyof Uses]: ClientOf<Uses[K]> };
        readonly signal: AbortSignal;
      },
    ): Promise<Static<Features>> | Static<Features>;
  };
  /** What happens next, and how long after the decision it still counts, ms. */
  readonly outcome?: { readonly schema: Outcome; readonly windowMs: number };
  /** How good the output was, given the outcome; higher is better. */
  reward?(this: void, output: Static<Output>, outcome: Static<Outcome>): number;
  readonly trials: readonly Trial<Data, Static<Features>, Static<Output>, any>[];
  /**
   * Where training data come from; decisions joined to outcomes, and examples brought along, when left out. Runs in the worker, on a
   * store it may only read. `range` are log offsets, [from, to).
   */
  readonly dataset?: {
    load(
      this: void,
      store: Store,
      context: { readonly nowMs: number; readonly signal: AbortSignal },
    ): Promise<{ readonly data: Data; readonly range: readonly [number, number] }>;
  };
  /** How trials are compared; the newest fifth held out and the mean reward when left out. */
  readonly evaluation?: Evaluation<Data, any, any>;
  /** Synthetic inputs kept with a version together with its answers. */
  golden(this: void, data: Data): readonly Static<Features>[];
  /** Answers when no model can; marked degraded. */
  fallback(this: void, input: Static<Input>): Static<Output>;
  /** When to train unasked: after so much time, after so many outcomes; never when left out. */
  readonly retrain?: { readonly everyMs?: number; readonly outcomesMin?: number };
  /** Fewest examples worth training on, for the default dataset; 20 unless said. */
  readonly examplesMin?: number;
  /**
   * JavaScript heap past which a training is ended, MiB, typed arrays and kernel memories not counted; Node's own limit when left out. One that takes
   * memory faster than its thread can be ended takes the process with it.
   */
  readonly trainingHeapMb?: number;
  readonly seed?: number;
  /** What a training may take unless it is told otherwise; half an hour, and half of the machine's memory. */
  readonly budget?: Partial<TrainingBudget>;
  /** Operations of its own beside the ones every AI service has. */
  readonly operations?: Operations;
  readonly events?: Events;
  readonly migrations?: readonly Migration[];
  /** Handlers of its own operations, consumers, checks. */
  setup?(
    this: void,
    ai: Ai<Static<Features>, Static<Output>>,
    context: ServiceContext<any, Uses>,
  ): Promise<OwnParts<Operations>> | OwnParts<Operations>;
}

export type AnyDefinition = AiServiceDefinition<any, any, any, any, any, any, any, any>;

type OwnParts<Operations extends Record<string, Operation>> = Omit<ServiceParts<Contract>, 'handlers'> & {
  readonly handlers: HandlersOf<Contract<Operations, Record<never, never>>>;
};
