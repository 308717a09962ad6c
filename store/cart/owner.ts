import { type Caller, ProblemError } from 'relearn';
import { nobodysCart } from './contract.ts';

/** Whose a cart is. */
export type Owner = { readonly userId: string } | { readonly visitorId: string };

/** @throws ProblemError `cart.owner-missing` when the caller is no person. */
export function ownerOf(caller: Caller): Owner {
  if (caller.kind === 'guest') return { visitorId: caller.visitorId };
  if (caller.kind !== 'shopper' && caller.kind !== 'operator') throw new ProblemError(nobodysCart);
  return { userId: caller.userId };
}

/** The guest whose cart a shopper brings along. */
export function guestOf(caller: Caller): Owner | undefined {
  const isSignedIn = caller.kind === 'shopper' || caller.kind === 'operator';
  return isSignedIn && caller.visitorId !== undefined ? { visitorId: caller.visitorId } : undefined;
}

export function ownerKey(owner: Owner): string {
  return 'userId' in owner ? `user ${owner.userId}` : `guest ${owner.visitorId}`;
}

export function ownerOfKey(key: string): Owner {
  const id = key.slice(key.indexOf(' ') + 1);
  return key.startsWith('user ') ? { userId: id } : { visitorId: id };
}
