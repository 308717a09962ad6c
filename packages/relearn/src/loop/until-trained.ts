import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientOf } from '../contract/contract.ts';
import { ProblemError } from '../contract/problem.ts';
import { type genericAiContract, loopProblems } from './ai-contract.ts';
import type { TrainingWishes } from './training-run.ts';
import type { VersionRecord } from './version.ts';

/** A client of any AI service. */
type AnyAi = ClientOf<ReturnType<typeof genericAiContract>>;

const POLL_MS = 50;

/**
 * Waits until a version answers: one that does already, one of the training that runs, or one of a training begun here. Null when that training
 * ended without one, for want of data say.
 *
 * @param anew a training of all that is there now, after the one that may be running: an older version is not enough.
 */
export async function untilTrained(
  ai: Pick<AnyAi, 'getStatus' | 'train'>,
  { anew = false, ...wishes }: Pick<TrainingWishes, 'reason' | 'budget'> & { readonly anew?: boolean },
): Promise<VersionRecord | null> {
  let status = await ai.getStatus({});
  if (status.champion && !anew) return status.champion;
  if (anew) status = await untilIdle(ai);
  if (!status.training && !(await begins(ai, wishes)) && anew) return untilTrained(ai, { ...wishes, anew });
  return (await untilIdle(ai)).champion;
}

async function untilIdle(ai: Pick<AnyAi, 'getStatus'>) {
  let status = await ai.getStatus({});
  for (; status.training; status = await ai.getStatus({})) await sleep(POLL_MS);
  return status;
}

/** False when a training that new data set off was first. */
async function begins(ai: Pick<AnyAi, 'train'>, wishes: TrainingWishes): Promise<boolean> {
  try {
    await ai.train({ body: wishes });
    return true;
  } catch (error) {
    if (error instanceof ProblemError && error.code === loopProblems.trainingRunning.code) return false;
    throw error;
  }
}
