import { ProblemError } from '../contract/problem.ts';
import type { CallContext, ServiceContext } from '../service/service.ts';
import type { Ai } from './ai.ts';
import { loopProblems } from './ai-contract.ts';
import type { AnyDefinition } from './definition.ts';
import type { Loop } from './open-loop.ts';
import type { TrainingWishes } from './training-run.ts';
import type { VersionRecord } from './version.ts';

/** Handlers of the operations every AI service has, in the contract's order. */
export function aiHandlers(
  definition: AnyDefinition,
  { loop, ai, context }: { loop: Loop; ai: Ai; context: ServiceContext },
) {
  const { registry, history, examples, rollout, decisions, decider, trainer, retraining, intake } = loop;
  const predict = predictor(definition, ai, context);
  const learnsFromExamples = definition.dataset === undefined || definition.outcome !== undefined;

  const takeOutcomes = () => {
    if (!learnsFromExamples || definition.outcome === undefined)
      throw new ProblemError(loopProblems.outcomesUndeclared);
  };
  const version = async (id: string): Promise<VersionRecord> => {
    const record = await registry.find(id);
    if (record === undefined) throw new ProblemError(loopProblems.versionUnknown, { detail: `No version ${id}.` });
    return record;
  };

  return {
    predict: ({ body }: { body: unknown }, call: CallContext) => predict(body, call),
    async recordOutcomes({ body }: { body: { outcomes: readonly unknown[] } }) {
      takeOutcomes();
      const reply = await intake.recordOutcomes(body.outcomes);
      retraining.noteOutcomes(reply.accepted);
      return reply;
    },
    async importExamples({ body }: { body: { examples: readonly unknown[] } }, call: CallContext) {
      takeOutcomes();
      return call.once((tx) => intake.importExamples(body.examples, tx));
    },
    train: ({ body }: { body: TrainingWishes }) => ai.train(body),
    async getTraining({ params }: { params: { id: string } }) {
      return (await trainer.find(params.id)) ?? unknownTraining(params.id);
    },
    async cancelTraining({ params }: { params: { id: string } }) {
      return (await trainer.cancel(params.id)) ?? unknownTraining(params.id);
    },
    async listVersions({ query }: { query: { limit?: number } }) {
      return { versions: await registry.list(query.limit ?? 50) };
    },
    getVersion: ({ params }: { params: { id: string } }) => version(params.id),
    async promoteVersion({ params }: { params: { id: string } }) {
      const refused = await rollout.tryPromote(await version(params.id));
      if (refused !== undefined) throw new ProblemError(loopProblems.versionRefused, { detail: refused });
      return version(params.id);
    },
    async getDecision({ params }: { params: { id: string } }) {
      const decision = await decisions.find(params.id);
      if (decision === undefined) throw new ProblemError(loopProblems.decisionUnknown);
      const { id, atMs, unit, surface, degraded, features, output } = decision;
      const outcome = (await examples.outcomeOf(id)) ?? null;
      return { id, atMs, unit, surface, version: decision.version ?? null, degraded, features, output, outcome };
    },
    async getStatus() {
      const counts = [...decider.counts];
      const succeeded = await history.lastSucceeded();
      const lastTraining = (await history.lastEnded()) ?? null;
      const champion = rollout.champion && (await registry.find(rollout.champion.version));
      return {
        champion: champion ?? null,
        degraded: rollout.champion === undefined,
        training: trainer.running ?? null,
        lastTraining,
        leaderboard: succeeded?.leaderboard ?? [],
        leftOut: succeeded?.leftOut ?? [],
        decisions: {
          answered: counts.reduce((sum, [, count]) => sum + count, 0),
          degraded: decider.counts.get(undefined) ?? 0,
          notLogged: decisions.droppedCount,
        },
      };
    },
  };
}

function unknownTraining(id: string): never {
  throw new ProblemError(loopProblems.trainingUnknown, { detail: `No training ${id}.` });
}

/** Computes features, decides, logs. */
function predictor(definition: AnyDefinition, ai: Ai, { store, clients }: ServiceContext) {
  const { features, unit, fallback } = definition;
  return async (input: unknown, call: CallContext) => {
    const computed =
      features === undefined
        ? input
        : await features.compute(input, { store, clients: clients as never, signal: call.signal });
    const decision = ai.decide({ unit: unit(input), features: computed, fallback: () => fallback(input) });
    const { id, version, degraded, output } = decision;
    return { decisionId: id, version: version ?? null, degraded, output };
  };
}
