import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientOf } from '../contract/contract.ts';
import { ProblemError } from '../contract/problem.ts';
import { type genericAiContract, loopProblems } from './ai-contract.ts';
import type { VersionRecord } from './version.ts';

/** A client of any AI service. */
type AnyAi = ClientOf<ReturnType<typeof genericAiContract>>;

const POLL_MS = 50;

/**
 * Waits until a version answers: one that does already, one of the training that runs, or one of a training begun here. Null when that training
 * ended without one, for want of data say.
 */
export async function untilTrained(
  ai: Pick<AnyAi, 'getStatus' | 'train'>,
  { reason }: { readonly reason: string },
): Promise<VersionRecord | null> {
  let status = await ai.getStatus({});
  if (status.champion) return status.champion;
  if (!status.training) await begin(ai, reason);
  for (status = await ai.getStatus({}); status.training; status = await ai.getStatus({})) await sleep(POLL_MS);
  return status.champion;
}

/** New data may have set off a training since the status was asked for; that one serves as well. */
async function begin(ai: Pick<AnyAi, 'train'>, reason: string): Promise<void> {
  try {
    await ai.train({ body: { reason } });
  } catch (error) {
    if (!(error instanceof ProblemError) || error.code !== loopProblems.trainingRunning.code) throw error;
  }
}
