import { contract, type EventType, operation, type PayloadOf, type Service, service, t } from 'relearn';
import { orderPlaced } from '../../store/orders/contract.ts';
import { userDeleted } from '../../store/users/contract.ts';

export const tellerContract = contract({
  name: 'teller',
  title: 'Teller',
  description: 'Says what other services would.',
  version: '1.0.0',
  operations: {
    deleteUser: operation({
      method: 'POST',
      path: '/deletions',
      summary: 'Says that a user was deleted',
      access: 'service',
      idempotency: 'safe',
      body: userDeleted.payload,
      reply: t.Object({}),
    }),
  },
  events: { orderPlaced, userDeleted },
});

/** A service that says what others would, to tests beside it and to those in another process. */
export function teller(): Service<typeof tellerContract> & {
  tell<E extends EventType>(event: E, payload: PayloadOf<E>): Promise<void>;
} {
  let tell: <E extends EventType>(event: E, payload: PayloadOf<E>) => Promise<void>;
  return {
    tell: (event, payload) => tell(event, payload),
    ...service({
      contract: tellerContract,
      setup: ({ store }) => {
        tell = (event, payload) => store.transact((tx) => tx.publish(event, payload));
        return {
          handlers: {
            async deleteUser({ body }) {
              await tell(userDeleted, body);
              return {};
            },
          },
        };
      },
    }),
  };
}
