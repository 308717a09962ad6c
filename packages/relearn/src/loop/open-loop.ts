import { join } from 'node:path';
import type { ServiceContext } from '../service/service.ts';
import { openSqliteStore } from '../store/index.ts';
import { Decider } from './decider.ts';
import { DecisionLog } from './decision-log.ts';
import type { AnyDefinition } from './definition.ts';
import { ExampleStore } from './example-store.ts';
import { Intake } from './intake.ts';
import { featureRevisionOf } from './load-examples.ts';
import { loopMetrics } from './loop-metrics.ts';
import { decisionMigrations } from './migrations.ts';
import { Retraining } from './retraining.ts';
import { Rollout } from './rollout.ts';
import { Trainer } from './trainer.ts';
import { TrainingHistory } from './training-history.ts';
import { VersionRegistry } from './version-registry.ts';

const KEEP_MS = 30 * 24 * 60 * 60 * 1_000;

export type Loop = Awaited<ReturnType<typeof openLoop>>;

/** Opens the parts of a loop, and loads the version that answers. */
export async function openLoop(definition: AnyDefinition, context: ServiceContext) {
  const { store, artifacts, clock, log, metrics, home } = context;
  const { name } = definition;
  const measured = loopMetrics(metrics, name);
  const registry = new VersionRegistry(store, name);
  const history = new TrainingHistory(store);
  const examples = new ExampleStore(store);
  const rollout = new Rollout({ definition, artifacts, registry, clock, log });
  await history.closeInterrupted(clock());
  await rollout.open();

  const path = join(home, 'decisions.db');
  const decisionStore = await openSqliteStore({
    path,
    migrations: decisionMigrations,
    source: name,
    clock,
    durability: 'normal',
  });
  const keepMs = definition.outcome?.windowMs ?? KEEP_MS;
  const decisions = new DecisionLog({ store: decisionStore, clock, log, keepMs });
  const decider = new Decider({ rollout, decisions, featureRevision: featureRevisionOf(definition), clock, log });
  const onEnd = measured.onTrainingEnd;
  const trainer = new Trainer({ definition, store, artifacts, registry, rollout, history, clock, log, onEnd });
  const retraining = new Retraining({
    everyMs: definition.retrain?.everyMs,
    outcomesMin: definition.retrain?.outcomesMin,
    trainer,
    clock,
    log,
    ...(await sinceLastTraining(history, examples)),
  });
  const intake = new Intake({ definition, decisions, examples, clock });
  measured.collect({ counts: () => decider.counts, log: decisions, rollout, trainer, clock });
  return { registry, history, examples, rollout, decisions, decider, trainer, retraining, intake };
}

async function sinceLastTraining(history: TrainingHistory, examples: ExampleStore) {
  const last = await history.last();
  return {
    lastStartedAtMs: last?.startedAtMs,
    outcomeCount: await examples.countOfDecisionsSince(last?.startedAtMs ?? 0),
  };
}
