import { Type as t } from 'typebox';
import { contract } from '../contract/contract.ts';
import { operation } from '../contract/operation.ts';
import { deskContract } from './desk.fixture.ts';
import { service } from './service.ts';

const gateContract = contract({
  name: 'gate',
  title: 'Gate',
  description: 'Takes everybody for one guest.',
  version: '1.0.0',
  operations: {
    knock: operation({
      method: 'GET',
      path: '/knock',
      summary: 'Knock',
      access: 'public',
      idempotency: 'safe',
      reply: t.Object({}),
    }),
  },
});

/** A service with an edge before the desk, wherever that runs. */
export const gateService = () =>
  service({
    contract: gateContract,
    uses: { desk: deskContract },
    setup: ({ identity }) => ({
      handlers: { knock: () => ({}) },
      edge: {
        routes: [deskContract],
        async admit() {
          return { caller: { kind: 'guest', visitorId: 'v9' } as const, token: await identity.guestToken('v9') };
        },
      },
    }),
  });
