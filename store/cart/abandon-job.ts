import { job, type Store, type Tx, t } from 'relearn';
import { abandonJobName, type CartTimers } from './cart-timers.ts';
import { cartAbandoned } from './contract.ts';
import { ownerOfKey } from './owner.ts';
import { deleteCart, readCart } from './store.ts';

/** A guest's cart that nobody touched for so long is forgotten: the guest's cookie is likely gone. */
const GUEST_CART_LIFE_MS = 90 * 86_400_000;

/** Tells of carts left behind, once for each rest, and forgets those of guests that do not come back. */
export function abandonJob(store: Store, { clock, abandonedAfterMs }: CartTimers) {
  return job({
    name: abandonJobName.name,
    payload: t.Object({ owner: t.String() }),
    perform: async ({ owner: key }) => {
      const owner = ownerOfKey(key);
      const { changedAtMs } = await readCart(store, owner);
      const restedMs = clock() - changedAtMs;
      return async (tx: Tx) => {
        if ('visitorId' in owner && restedMs >= GUEST_CART_LIFE_MS) return deleteCart(tx, owner);
        if (restedMs < abandonedAfterMs) return;
        const { lines } = await readCart(tx, owner);
        // What is looked at for the second time was told of the first.
        if (lines.length > 0 && restedMs < GUEST_CART_LIFE_MS) {
          const wanted = lines.map(({ productId, quantity }) => ({ productId, quantity }));
          await tx.publish(cartAbandoned, { ...owner, lines: wanted, changedAtMs });
        }
        if ('visitorId' in owner) {
          await tx.schedule(abandonJobName, { owner: key }, { key, atMs: changedAtMs + GUEST_CART_LIFE_MS });
        }
      };
    },
  });
}
