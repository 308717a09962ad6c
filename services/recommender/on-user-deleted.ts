import { type Ai, consumer, job, t } from 'relearn';
import { userDeleted } from '../../store/users/contract.ts';
import { personName } from './check-interaction.ts';
import type { InteractionLog } from './interaction-log.ts';

const forgetName = { name: 'forget' };
const FORGET_MS_MAX = 10 * 60_000;

/** Forgets a user and the guests they were. Models keep sums over many people, and no row of anybody's own. */
export const onUserDeleted = consumer({
  event: userDeleted,
  async handle({ userId, visitorIds }, { tx }) {
    const people = [{ userId }, ...visitorIds.map((visitorId) => ({ visitorId }))];
    for (const person of people.map(personName)) await tx.schedule(forgetName, { person }, { key: person });
  },
});

/** The name goes last, so that one that was cut short finds the rest when it is tried again. */
export function forgetJob(log: InteractionLog, ai: Pick<Ai, 'forget'>) {
  return job({
    ...forgetName,
    payload: t.Object({ person: t.String() }),
    timeoutMs: FORGET_MS_MAX,
    async perform({ person }) {
      await ai.forget(person);
      await log.forget(person);
    },
  });
}
