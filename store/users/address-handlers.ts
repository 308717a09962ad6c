import { type HandlersOf, ProblemError } from 'relearn';
import { listAddresses, putAddress, removeAddress } from './addresses.ts';
import { addressNotFound, type usersContract } from './contract.ts';
import type { UsersParts } from './parts.ts';
import { signedIn } from './signed-in.ts';

type Handlers = Pick<HandlersOf<typeof usersContract>, 'listAddresses' | 'putAddress' | 'removeAddress'>;

/** Where things are sent. */
export function addressHandlers(parts: UsersParts): Handlers {
  const { store, clock } = parts;
  return {
    listAddresses: async (_request, { caller }) => {
      const { account } = await signedIn(parts, caller);
      return { addresses: await listAddresses(store, account.id) };
    },

    putAddress: async ({ params: { id }, body: address }, { caller }) => {
      const { account } = await signedIn(parts, caller);
      await store.transact((tx) => putAddress(tx, account.id, { id, address, nowMs: clock() }));
      return { id, ...address };
    },

    removeAddress: async ({ params: { id } }, { caller }) => {
      const { account } = await signedIn(parts, caller);
      if (!(await store.transact((tx) => removeAddress(tx, account.id, id)))) throw new ProblemError(addressNotFound);
      return {};
    },
  };
}
