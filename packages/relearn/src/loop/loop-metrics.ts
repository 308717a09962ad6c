import type { Metrics } from '../service/metrics.ts';
import type { DecisionCounts } from './decider.ts';
import type { DecisionLog } from './decision-log.ts';
import type { Rollout } from './rollout.ts';
import type { Trainer } from './trainer.ts';
import type { TrainingRun } from './training-run.ts';

const TRAINING_SECONDS = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 7_200];

/** What is measured of a loop; decisions are counted by the decider and read when scraped, so that counting costs nothing more. */
export function loopMetrics(metrics: Metrics, service: string) {
  const decisions = metrics.counter('relearn_decisions_total', 'Decisions given; version is none for the fallback', [
    'service',
    'version',
    'degraded',
  ]);
  const dropped = metrics.counter('relearn_decisions_dropped_total', 'Decisions that were not logged', ['service']);
  const waiting = metrics.gauge('relearn_decisions_waiting', 'Decisions not yet on disk', ['service']);
  const age = metrics.gauge('relearn_champion_age_seconds', 'Since the version that answers was trained', ['service']);
  const degraded = metrics.gauge('relearn_degraded', '1 while no version answers, so that the fallback does', [
    'service',
  ]);
  const running = metrics.gauge('relearn_training_running', '1 while a training runs', ['service']);
  const labels = ['service', 'state'];
  const seconds = metrics.histogram(
    'relearn_training_seconds',
    'Trainings, by how they ended',
    labels,
    TRAINING_SECONDS,
  );
  const told = new Map<string | undefined, number>();
  let droppedTold = 0;

  function tellDecisions(counts: DecisionCounts): void {
    for (const [version, count] of counts) {
      decisions.add(count - (told.get(version) ?? 0), service, version ?? 'none', String(version === undefined));
      told.set(version, count);
    }
  }

  return {
    onTrainingEnd: (state: TrainingRun['state'], took: number) => seconds.observe(took, service, state),
    collect(from: {
      counts: () => DecisionCounts;
      log: DecisionLog;
      rollout: Rollout;
      trainer: Trainer;
      clock: () => number;
    }) {
      metrics.collect(() => {
        tellDecisions(from.counts());
        dropped.add(from.log.droppedCount - droppedTold, service);
        droppedTold = from.log.droppedCount;
        waiting.set(from.log.waitingCount, service);
        running.set(from.trainer.running === undefined ? 0 : 1, service);
        const champion = from.rollout.champion;
        degraded.set(champion === undefined ? 1 : 0, service);
        if (champion !== undefined) age.set((from.clock() - champion.trainedAtMs) / 1000, service);
      });
    },
  };
}
