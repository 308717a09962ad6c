import type { Static, TSchema } from 'typebox';
import type { Contract } from '../contract/contract.ts';
import type { EventType } from '../contract/event.ts';
import type { Operation } from '../contract/operation.ts';
import type { HandlersOf, Service, ServiceContext, ServiceParts } from '../service/service.ts';
import type { Ai } from './ai.ts';
import { type AiContract, aiContract } from './ai-contract.ts';
import { aiHandlers } from './ai-handlers.ts';
import type { Example } from './decision.ts';
import type { AiServiceDefinition, AnyDefinition } from './definition.ts';
import { loopMigrations } from './migrations.ts';
import { type Loop, openLoop } from './open-loop.ts';

/** A service whose definition the training worker can find again. */
export interface AiService<D extends AnyDefinition = AnyDefinition> extends Service<AiContract<D>, any, any> {
  readonly definition: D;
}

/**
 * Turns a definition into a service that serves predictions, remembers what it decided, learns what happened next, retrains itself,
 * and lets a new version take over only when it holds up. Make it the default export of its module: the training worker looks there.
 *
 * @throws TypeError when the definition has no trial, two of one name, or neither reward nor evaluation.
 */
export function aiService<
  Input extends TSchema,
  Output extends TSchema,
  Features extends TSchema = Input,
  Outcome extends TSchema = TSchema,
  Data = readonly Example<Static<Features>, Static<Outcome>>[],
  Operations extends Record<string, Operation> = Record<never, never>,
  Events extends Record<string, EventType> = Record<never, never>,
  Uses extends Record<string, Contract> = Record<never, never>,
>(
  definition: AiServiceDefinition<Input, Features, Output, Outcome, Data, Operations, Events, Uses>,
): AiService<AiServiceDefinition<Input, Features, Output, Outcome, Data, Operations, Events, Uses>> {
  checkDefinition(definition);
  return {
    definition,
    contract: aiContract(definition),
    ...(definition.uses === undefined ? {} : { uses: definition.uses }),
    migrations: [...loopMigrations, ...(definition.migrations ?? [])],
    setup: (context) => setUp(definition, context),
  };
}

function checkDefinition({ name, trials, reward, evaluation }: AnyDefinition): void {
  const names: string[] = trials.map((trial: { name: string }) => trial.name);
  if (names.length === 0) throw new TypeError(`Service ${name} has no trial; list at least one, the simplest first.`);
  const twice = names.find((one, index) => names.indexOf(one) !== index);
  if (twice !== undefined) throw new TypeError(`Service ${name} has two trials called ${twice}.`);
  if (reward === undefined && evaluation === undefined) {
    throw new TypeError(`Service ${name} needs reward or evaluation to compare its trials.`);
  }
}

async function setUp(definition: AnyDefinition, context: ServiceContext<any, any>): Promise<ServiceParts<any>> {
  const loop = await openLoop(definition, context);
  const ai = runningAi(loop);
  const own = await definition.setup?.(ai, context);
  const handlers: Record<string, unknown> = { ...aiHandlers(definition, { loop, ai, context }), ...own?.handlers };
  return {
    ...own,
    handlers: handlers as HandlersOf<any>,
    checks: { ...checks(loop), ...own?.checks },
    async close() {
      loop.retraining.close();
      await loop.trainer.close();
      await own?.close?.();
      await loop.decisions.close();
    },
  };
}

function runningAi({ decider, decisions, examples, rollout, trainer, retraining }: Loop): Ai {
  return {
    decide: (request) => decider.decide(request),
    champion: () => rollout.champion,
    async train(request) {
      const run = await trainer.start(request);
      retraining.noteStart();
      return run;
    },
    idle: () => trainer.idle(),
    async forget(...units) {
      await decisions.forget(units);
      for (const unit of units) await examples.forgetUnit(unit);
    },
    noteOutcomes: (count) => retraining.noteOutcomes(count),
  };
}

/** No version is no fault: the fallback answers, and the status and the metrics say that it does. */
function checks({ decisions }: Loop): NonNullable<ServiceParts<Contract>['checks']> {
  return { decisions: () => decisions.fault() };
}
