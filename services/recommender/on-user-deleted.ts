import { type Ai, consumer, job, type PayloadOf } from 'relearn';
import { userDeleted } from '../../store/users/contract.ts';
import { personName } from './check-interaction.ts';
import { FOR_GOOD_MS, type Leaver } from './forgotten.ts';
import type { InteractionLog } from './interaction-log.ts';

const forgetName = { name: 'forget' };
const FORGET_MS_MAX = 10 * 60_000;

/** Forgets a user and the guests they were. Models keep sums over many people, and no row of anybody's own. */
export const onUserDeleted = consumer({
  event: userDeleted,
  handle: (deleted, { tx }) => tx.schedule(forgetName, deleted, { key: deleted.userId }),
});

/** Names go first: nobody is reached by them while the rest is looked for, and a decision given meanwhile names nobody. */
export function forgetJob(log: InteractionLog, ai: Pick<Ai, 'forget'>) {
  return job({
    ...forgetName,
    payload: userDeleted.payload,
    timeoutMs: FORGET_MS_MAX,
    async perform(deleted) {
      const leavers = leaversOf(deleted);
      await log.bury(leavers);
      await ai.forget(...leavers.map(({ name }) => name));
      await log.erase();
    },
  });
}

function leaversOf({ userId, visitorIds, deletedAtMs }: PayloadOf<typeof userDeleted>): Leaver[] {
  return [
    { name: personName({ userId }), throughMs: FOR_GOOD_MS },
    ...visitorIds.map((visitorId) => ({ name: personName({ visitorId }), throughMs: deletedAtMs })),
  ];
}
