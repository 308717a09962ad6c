import { consumer } from 'relearn';
import { orderPlaced } from '../orders/contract.ts';
import { userDeleted } from '../users/contract.ts';
import type { CartTimers } from './cart-timers.ts';
import { withoutOrdered } from './lines.ts';
import type { Owner } from './owner.ts';
import { deleteCart, readCart, writeCart } from './store.ts';

/** What was ordered is no longer wanted. */
export function onOrderPlaced(timers: CartTimers) {
  return consumer({
    event: orderPlaced,
    async handle({ userId, visitorId, lines: ordered }, { tx }) {
      const owner: Owner | undefined =
        userId !== undefined ? { userId } : visitorId !== undefined ? { visitorId } : undefined;
      if (owner === undefined) return;
      const cart = await readCart(tx, owner);
      if (cart.lines.length === 0) return;
      await writeCart(tx, owner, { cart, lines: withoutOrdered(cart.lines, ordered) }, timers);
    },
  });
}

export const onUserDeleted = consumer({
  event: userDeleted,
  async handle({ userId, visitorIds }, { tx }) {
    await deleteCart(tx, { userId });
    for (const visitorId of visitorIds) await deleteCart(tx, { visitorId });
  },
});
