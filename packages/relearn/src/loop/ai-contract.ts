import type { Static, TSchema } from 'typebox';
import { Type as t } from 'typebox';
import { type Contract, contract } from '../contract/contract.ts';
import { event } from '../contract/event.ts';
import { type Access, operation } from '../contract/operation.ts';
import { problem } from '../contract/problem.ts';
import type { AnyDefinition } from './definition.ts';

/** Two of a kind, as an array of two: OpenAPI's tools and TypeBox write tuples differently. */
function pairOf<T extends TSchema>(item: T, options: { readonly description: string }) {
  return t.Unsafe<[Static<T>, Static<T>]>(t.Array(item, { ...options, minItems: 2, maxItems: 2 }));
}

const name = t.String({ minLength: 1, maxLength: 100 });
const metrics = t.Record(t.String(), t.Number());
const settings = t.Record(t.String(), t.Unknown());
const BATCH_BYTES_MAX = 32 * 1024 * 1024;

export const leaderboardRow = t.Object({
  trial: t.String(),
  settings,
  metrics,
  difference: pairOf(t.Number(), {
    description: '95 % interval of the difference to the simplest trial, in the primary metric',
  }),
  bought: t.Optional(
    t.Object(
      {
        over: t.String(),
        difference: pairOf(t.Number(), { description: '95 % interval, in the primary metric' }),
        trainMs: t.Number({ description: 'Training it took longer' }),
      },
      { description: 'What it brings over the best of the simpler trials' },
    ),
  ),
  settingsTried: t.Integer({ description: 'Settings tried for it' }),
  trainMs: t.Number(),
  scoreMs: t.Number(),
  sizeBytes: t.Integer(),
  chosen: t.Boolean(),
});

const leftOut = t.Array(t.Object({ trial: t.String(), why: t.String() }), {
  description: 'Trials that the budget did not allow',
});

export const trainingRun = t.Object({
  id: t.String(),
  state: t.Enum(['running', 'succeeded', 'failed', 'cancelled']),
  reason: t.String(),
  seed: t.Integer(),
  progress: t.Number({ minimum: 0, maximum: 1 }),
  note: t.String(),
  startedAtMs: t.Integer(),
  endedAtMs: t.Optional(t.Integer()),
  version: t.Optional(t.String()),
  leaderboard: t.Optional(t.Array(leaderboardRow)),
  leftOut: t.Optional(leftOut),
  error: t.Optional(t.String()),
});

export const versionRecord = t.Object({
  id: t.String(),
  trial: t.String(),
  format: t.String(),
  settings,
  seed: t.Integer(),
  dataRange: pairOf(t.Integer(), { description: 'Log offsets, [from, to)' }),
  metrics,
  featureRevision: t.Integer(),
  schemaHash: t.String(),
  artifact: t.String(),
  sizeBytes: t.Integer(),
  trainedAtMs: t.Integer(),
  state: t.Enum(['champion', 'retired', 'ready', 'refused']),
  reason: t.Optional(t.String({ description: 'Why it was refused, or not promoted' })),
});

export const loopProblems = {
  trainingRunning: problem({
    code: 'loop.training-running',
    status: 409,
    title: 'A training is running; wait for it, or cancel it first.',
  }),
  trainingUnknown: problem({
    code: 'loop.training-unknown',
    status: 404,
    title: 'No training has this id; start one with POST /trainings.',
  }),
  versionUnknown: problem({
    code: 'loop.version-unknown',
    status: 404,
    title: 'No version has this id; list them with GET /versions.',
  }),
  versionRefused: problem({
    code: 'loop.version-refused',
    status: 409,
    title: 'The version failed its checks and does not serve; the one before goes on. Train again, or promote another.',
  }),
  decisionUnknown: problem({
    code: 'loop.decision-unknown',
    status: 404,
    title: 'No decision has this id; it was never given, or is past its attribution window.',
  }),
  outcomesUndeclared: problem({
    code: 'loop.outcomes-undeclared',
    status: 409,
    title: 'This service learns from data of its own and takes no outcomes or examples here.',
  }),
};

/** A version took over. The key is the service, so that its promotions arrive in order. */
export const versionPromoted = event({
  type: 'version.promoted.v1',
  summary: 'A version took over and answers from now on',
  payload: t.Object({
    service: t.String(),
    version: t.String(),
    trial: t.String(),
    previous: t.Union([t.String(), t.Null()]),
    atMs: t.Integer(),
  }),
  key: ({ service }) => service,
});

const batchReply = t.Object({
  accepted: t.Integer(),
  duplicates: t.Integer({ description: 'Known before; counted once' }),
  refused: t.Array(t.Object({ index: t.Integer(), code: t.String(), reason: t.String() })),
});

interface AiSchemas<Input, Features, Output, Outcome> {
  readonly input: Input;
  readonly features: Features;
  readonly output: Output;
  readonly outcome: Outcome;
  /** Who may ask for predictions. */
  readonly access?: Access;
}

/** Operations of every AI service, about its own schemas. */
function aiOperations<
  Input extends TSchema,
  Features extends TSchema,
  Output extends TSchema,
  Outcome extends TSchema,
>({ input, features, output, outcome, access = 'public' }: AiSchemas<Input, Features, Output, Outcome>) {
  const listed = (item: string) => t.Array(t.Unknown(), { minItems: 1, maxItems: 10_000, description: item });
  return {
    predict: operation({
      method: 'POST',
      path: '/predictions',
      summary: 'Predict, and log the decision',
      access,
      idempotency: 'safe',
      body: input,
      reply: t.Object({
        decisionId: t.String({ description: 'Send it with the outcome' }),
        version: t.Union([t.String(), t.Null()], { description: 'Version that answered; null when the fallback did' }),
        degraded: t.Boolean({ description: 'True when the fallback answered' }),
        output,
      }),
    }),
    recordOutcomes: operation({
      method: 'POST',
      path: '/outcomes',
      summary: 'Record what happened after decisions, 1 to 10,000 at once',
      description: `Each is checked on its own; those refused are listed, the rest are on disk before the reply. A decision takes one outcome; a repeat counts once. An outcome is: ${describe(outcome)}`,
      access: 'service',
      idempotency: 'safe',
      bodyBytesMax: BATCH_BYTES_MAX,
      body: t.Object({ outcomes: listed('Each { decisionId, outcome }') }),
      reply: batchReply,
      errors: [loopProblems.outcomesUndeclared],
    }),
    importExamples: operation({
      method: 'POST',
      path: '/examples',
      summary: 'Bring examples along, 1 to 10,000 at once',
      description: `Each is checked on its own; those refused are listed, the rest are on disk before the reply. Features are: ${describe(features)}; an outcome is: ${describe(outcome)}`,
      access: 'operator',
      idempotency: 'keyed',
      bodyBytesMax: BATCH_BYTES_MAX,
      body: t.Object({ examples: listed('Each { features, outcome, atMs? }') }),
      reply: batchReply,
      errors: [loopProblems.outcomesUndeclared],
    }),
    train: operation({
      method: 'POST',
      path: '/trainings',
      summary: 'Start a training; it runs in the background',
      access: 'operator',
      idempotency: 'none',
      status: 202,
      body: t.Object({
        reason: t.Optional(t.String({ maxLength: 200 })),
        seed: t.Optional(t.Integer({ minimum: 0, maximum: 2_147_483_647 })),
        budget: t.Optional(
          t.Object({
            timeMs: t.Optional(t.Integer({ minimum: 1, description: 'Within which trials are begun' })),
            memoryBytes: t.Optional(t.Integer({ minimum: 1, description: "Which no trial's training may exceed" })),
          }),
        ),
      }),
      reply: trainingRun,
      errors: [loopProblems.trainingRunning],
    }),
    getTraining: operation({
      method: 'GET',
      path: '/trainings/:id',
      summary: 'A training, with its progress while it runs and its leaderboard when done',
      access: 'operator',
      idempotency: 'safe',
      params: t.Object({ id: name }),
      reply: trainingRun,
      errors: [loopProblems.trainingUnknown],
    }),
    cancelTraining: operation({
      method: 'DELETE',
      path: '/trainings/:id',
      summary: 'Cancel a training; one that has ended stays as it is',
      access: 'operator',
      idempotency: 'safe',
      params: t.Object({ id: name }),
      reply: trainingRun,
      errors: [loopProblems.trainingUnknown],
    }),
    listVersions: operation({
      method: 'GET',
      path: '/versions',
      summary: 'Versions, newest first',
      access: 'operator',
      idempotency: 'safe',
      query: t.Object({ limit: t.Optional(t.Integer({ minimum: 1, maximum: 1000, default: 50 })) }),
      reply: t.Object({ versions: t.Array(versionRecord) }),
    }),
    getVersion: operation({
      method: 'GET',
      path: '/versions/:id',
      summary: 'A version',
      access: 'operator',
      idempotency: 'safe',
      params: t.Object({ id: name }),
      reply: versionRecord,
      errors: [loopProblems.versionUnknown],
    }),
    promoteVersion: operation({
      method: 'POST',
      path: '/versions/:id/promotion',
      summary: 'Let a version take over, newer or older, once it has passed its checks',
      access: 'operator',
      idempotency: 'safe',
      params: t.Object({ id: name }),
      reply: versionRecord,
      errors: [loopProblems.versionUnknown, loopProblems.versionRefused],
    }),
    getDecision: operation({
      method: 'GET',
      path: '/decisions/:id',
      summary: 'A decision as it was logged',
      access: 'operator',
      idempotency: 'safe',
      params: t.Object({ id: name }),
      reply: t.Object({
        id: t.String(),
        atMs: t.Integer(),
        unit: t.String(),
        surface: t.String(),
        version: t.Union([t.String(), t.Null()]),
        degraded: t.Boolean(),
        features: t.Unknown(),
        output: t.Unknown(),
        outcome: t.Unknown({ description: 'Null when none has come' }),
      }),
      errors: [loopProblems.decisionUnknown],
    }),
    getStatus: operation({
      method: 'GET',
      path: '/status',
      summary: 'The version that answers, the training that runs, the last leaderboard',
      access: 'public',
      idempotency: 'safe',
      reply: t.Object({
        champion: t.Union([versionRecord, t.Null()]),
        degraded: t.Boolean({ description: 'True while no version answers, so that the fallback does' }),
        training: t.Union([trainingRun, t.Null()], { description: 'The one that runs' }),
        lastTraining: t.Union([trainingRun, t.Null()], { description: 'The last one that ended' }),
        leaderboard: t.Array(leaderboardRow, { description: 'Of the last training that succeeded' }),
        leftOut,
        decisions: t.Object({
          answered: t.Integer({ description: 'Since the service started' }),
          degraded: t.Integer(),
          notLogged: t.Integer(),
        }),
      }),
    }),
  };
}

function describe(schema: TSchema): string {
  return JSON.stringify(schema);
}

export type AiOperations<
  Input extends TSchema = TSchema,
  Features extends TSchema = TSchema,
  Output extends TSchema = TSchema,
  Outcome extends TSchema = TSchema,
> = ReturnType<typeof aiOperations<Input, Features, Output, Outcome>>;

type SchemasOf<D extends AnyDefinition> = {
  input: D['input'];
  features: D['features'] extends { readonly schema: infer F extends TSchema } ? F : D['input'];
  output: D['output'];
  outcome: D['outcome'] extends { readonly schema: infer O extends TSchema } ? O : TSchema;
};

/** The operations that every AI service has, and its own. */
export type AiContract<D extends AnyDefinition> = Contract<
  AiOperations<SchemasOf<D>['input'], SchemasOf<D>['features'], SchemasOf<D>['output'], SchemasOf<D>['outcome']> &
    (D['operations'] extends Record<string, any> ? D['operations'] : unknown),
  { readonly versionPromoted: typeof versionPromoted } & (D['events'] extends Record<string, any>
    ? D['events']
    : unknown)
>;

/** A service's whole contract, for typed clients. @throws TypeError naming an operation that it declares but every AI service has. */
export function aiContract<D extends AnyDefinition>(definition: D): AiContract<D> {
  const operations = aiOperations({ ...definition, ...schemasOf(definition) });
  const own = definition.operations ?? {};
  const twice = Object.keys(own).find((key) => key in operations);
  if (twice !== undefined) throw new TypeError(`Service ${definition.name}: every AI service has ${twice} already.`);
  return contract({
    name: definition.name,
    title: definition.title ?? definition.name,
    description: definition.description ?? 'Predicts, remembers what it decided, and learns what happened next.',
    version: '1.0.0',
    operations: { ...operations, ...own },
    events: { versionPromoted, ...definition.events },
  }) as unknown as AiContract<D>;
}

/** Schemas of what is logged and learned. */
export function schemasOf(definition: AnyDefinition): { features: TSchema; outcome: TSchema } {
  return {
    features: definition.features?.schema ?? definition.input,
    outcome: definition.outcome?.schema ?? t.Unknown(),
  };
}

/** The contract of any AI service, for tools that know none in particular. */
export function genericAiContract(service: string) {
  const unknown = { input: t.Unknown(), features: t.Unknown(), output: t.Unknown(), outcome: t.Unknown() };
  return contract({
    name: service,
    title: service,
    description: 'An AI service.',
    version: '1.0.0',
    operations: aiOperations(unknown),
  });
}
