import { pino } from 'pino';
import { expect, test } from 'vitest';
import { ProblemError } from '../contract/problem.ts';
import { manualClock } from '../testing/manual-clock.ts';
import { loopProblems } from './ai-contract.ts';
import { REST_MS, REST_MS_MAX, Retraining, type RetrainingParts } from './retraining.ts';
import type { Trainer } from './trainer.ts';

const HOUR_MS = 3_600_000;

/** A retraining on a clock of its own, and the reasons of the trainings it started. */
function retraining(parts: Partial<RetrainingParts> = {}) {
  const clock = manualClock();
  const reasons: string[] = [];
  const trainer = {
    running: undefined as object | undefined,
    start: ({ reason }: { reason: string }) => {
      reasons.push(reason);
      return Promise.resolve();
    },
  };
  const given = { everyMs: HOUR_MS, outcomesMin: 10, lastStartedAtMs: undefined, outcomeCount: 0, ...parts };
  const log = pino({ level: 'silent' });
  const looked = new Retraining({ ...given, trainer: trainer as unknown as Trainer, clock, log });
  looked.close();
  return { clock, reasons, trainer, looked };
}

test('trains every hour, counted from the last start', async () => {
  const { clock, reasons, looked } = retraining();
  clock.advance(HOUR_MS - 1);
  await looked.look();
  expect(reasons).toEqual([]);
  clock.advance(1);
  await looked.look();
  await looked.look();
  expect(reasons).toEqual(['schedule']);
  clock.advance(HOUR_MS / 2);
  looked.noteStart();
  clock.advance(HOUR_MS / 2);
  await looked.look();
  expect(reasons).toEqual(['schedule']);
  clock.advance(HOUR_MS / 2);
  await looked.look();
  expect(reasons).toEqual(['schedule', 'schedule']);
});

test('counts from the last training before a restart', async () => {
  const { reasons, looked } = retraining({ lastStartedAtMs: manualClock()() - HOUR_MS });
  await looked.look();
  expect(reasons).toEqual(['schedule']);
});

test('trains after so many outcomes, those before a restart too', async () => {
  const { clock, reasons, looked } = retraining({ outcomeCount: 4 });
  looked.noteOutcomes(5);
  clock.advance(REST_MS);
  await looked.look();
  expect(reasons).toEqual([]);
  looked.noteOutcomes(1);
  clock.advance(REST_MS);
  await looked.look();
  await looked.look();
  expect(reasons).toEqual(['10 outcomes']);
});

test('lets outcomes that stream in come to a rest, but not for ever', async () => {
  const { clock, reasons, looked } = retraining();
  for (let sinceMs = 0; sinceMs < REST_MS_MAX; sinceMs += REST_MS / 2) {
    looked.noteOutcomes(10);
    await looked.look();
    expect(reasons).toEqual([]);
    clock.advance(REST_MS / 2);
  }
  looked.noteOutcomes(10);
  await looked.look();
  expect(reasons).toHaveLength(1);
});

test('waits for the training that runs, and forgets nothing over it', async () => {
  const { clock, reasons, trainer, looked } = retraining();
  trainer.running = {};
  looked.noteOutcomes(10);
  clock.advance(REST_MS);
  await looked.look();
  expect(reasons).toEqual([]);
  trainer.running = undefined;
  await looked.look();
  expect(reasons).toEqual(['10 outcomes']);
});

test('lives through a training that cannot start', async () => {
  const { clock, trainer, looked } = retraining();
  for (const fault of [new ProblemError(loopProblems.trainingRunning), new Error('disk full')]) {
    trainer.start = () => Promise.reject(fault);
    clock.advance(HOUR_MS);
    await expect(looked.look()).resolves.toBeUndefined();
  }
});

test('never trains by itself when told of neither', async () => {
  const { clock, reasons, looked } = retraining({ everyMs: undefined, outcomesMin: undefined });
  looked.noteOutcomes(1_000_000);
  clock.advance(1_000 * HOUR_MS);
  await looked.look();
  expect(reasons).toEqual([]);
});
