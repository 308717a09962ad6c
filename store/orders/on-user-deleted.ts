import { consumer } from 'relearn';
import { userDeleted } from '../users/contract.ts';
import { forgetCustomer } from './store.ts';

/** Orders stay, as the law of most countries wants books kept; who ordered is taken out of those that have ended, and of the rest once they end. */
export const onUserDeleted = consumer({
  event: userDeleted,
  handle: ({ userId, visitorIds }, { tx }) => forgetCustomer(tx, { userId, visitorIds }),
});
