import { job, type Tx, t } from 'relearn';
import { expire } from './reservations.ts';

/** Gives back what a reservation holds when its time has come. */
export function expireReservation(clock: () => number) {
  return job({
    name: 'expire-reservation',
    payload: t.Object({ id: t.String() }),
    perform: ({ id }) => Promise.resolve((tx: Tx) => expire(tx, id, clock())),
  });
}
