import { Type as t } from 'typebox';
import type { Caller } from '../contract/caller.ts';
import { contract } from '../contract/contract.ts';
import { frameworkProblems } from '../contract/framework-problems.ts';
import { type Access, operation } from '../contract/operation.ts';
import { ProblemError } from '../contract/problem.ts';
import type { Edge } from './edge.ts';
import type { Identity } from './identity/identity.ts';
import type { KeySet } from './identity/key-set.ts';
import { service } from './service.ts';

const caller = t.Object({ caller: t.Unsafe<Caller>(t.Unknown()) });

const whoAmI = (access: Access) =>
  operation({
    method: 'GET',
    path: `/for/${access}`,
    summary: 'Who calls',
    access,
    idempotency: 'safe',
    reply: caller,
  });

/** A service that tests ask who they are, and for all that a request can carry beside JSON. */
export const deskContract = contract({
  name: 'desk',
  title: 'Desk',
  description: 'Says who stands before it.',
  version: '1.0.0',
  operations: {
    forPublic: whoAmI('public'),
    forVisitor: whoAmI('visitor'),
    forShopper: whoAmI('shopper'),
    forOperator: whoAmI('operator'),
    forService: whoAmI('service'),
    change: operation({
      method: 'POST',
      path: '/for/operator',
      summary: 'Change something',
      access: 'operator',
      idempotency: 'keyed',
      reply: t.Object({ changes: t.Integer() }),
    }),
    getNote: operation({
      method: 'GET',
      path: '/note',
      summary: 'The note',
      access: 'public',
      idempotency: 'safe',
      reply: t.Object({ text: t.String(), revision: t.Integer() }),
      etag: 'revision',
    }),
    putNote: operation({
      method: 'PUT',
      path: '/note',
      summary: 'Another note, where nobody was faster',
      access: 'public',
      idempotency: 'safe',
      body: t.Object({ text: t.String() }),
      reply: t.Object({ text: t.String(), revision: t.Integer() }),
      etag: 'revision',
      ifMatch: 'required',
    }),
    weigh: operation({
      method: 'POST',
      path: '/weigh',
      summary: 'A signed parcel, byte for byte',
      access: 'public',
      idempotency: 'safe',
      headers: t.Object({ 'x-grams': t.Integer({ minimum: 0 }), 'x-hint': t.Optional(t.String()) }),
      rawBody: true,
      bodyBytesMax: 200,
      body: t.Unknown(),
      reply: t.Object({ bytes: t.String(), grams: t.Integer(), hint: t.Optional(t.String()) }),
    }),
    count: operation({
      method: 'GET',
      path: '/count/:to',
      summary: 'Counts; for ever, where it is told to count to 0',
      access: 'public',
      idempotency: 'safe',
      params: t.Object({ to: t.Integer() }),
      stream: t.Object({ at: t.Integer({ maximum: 100 }) }),
    }),
  },
});

export interface DeskOptions {
  readonly keySet?: () => KeySet;
  readonly edge?: Edge;
  readonly takeIdentity?: (identity: Identity) => void;
  /** Told when somebody stops to listen to a count. */
  readonly onLeft?: () => void;
}

export function deskService({ keySet, edge, takeIdentity, onLeft }: DeskOptions = {}) {
  let note = { text: 'empty', revision: 1 };
  let changes = 0;
  const who = (_request: unknown, call: { caller: Caller }) => ({ caller: call.caller });

  async function* counting(from: number, to: number, signal: AbortSignal) {
    try {
      for (let at = from; (to === 0 || at <= to) && !signal.aborted; at++) {
        yield { id: String(at), data: { at } };
        if (to === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      }
    } finally {
      onLeft?.();
    }
  }

  return service({
    contract: deskContract,
    setup({ identity }) {
      takeIdentity?.(identity);
      return {
        ...(keySet !== undefined && { keySet }),
        ...(edge !== undefined && { edge }),
        handlers: {
          forPublic: who,
          forVisitor: who,
          forShopper: who,
          forOperator: who,
          forService: who,
          change: (_request, call) => call.once(async () => ({ changes: ++changes })),
          getNote: () => note,
          putNote({ body: { text } }, { ifMatch }) {
            if (ifMatch !== '*' && ifMatch !== String(note.revision)) {
              throw new ProblemError(frameworkProblems.preconditionFailed);
            }
            note = { text, revision: note.revision + 1 };
            return note;
          },
          weigh({ headers: { 'x-grams': grams, 'x-hint': hint } }, call) {
            call.replyHeader('x-weighed', 'yes');
            return { bytes: Buffer.from(call.rawBody).toString('hex'), grams, ...(hint !== undefined && { hint }) };
          },
          async count({ params: { to } }, { lastEventId, signal }) {
            if (to < 0) throw new Error('cannot count down');
            return counting(lastEventId === undefined ? 1 : Number(lastEventId) + 1, to, signal);
          },
        },
      };
    },
  });
}
