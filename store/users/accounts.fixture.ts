import { type Caller, type ClientOf, consumer, contract, type Host, service, startHost } from 'relearn';
import { type ManualClock, manualClock, temporaryHome } from 'relearn/testing';
import { expect, onTestFinished, vi } from 'vitest';
import { type Mail, type Role, type Tokens, userDeleted, usersContract } from './contract.ts';
import users from './main.ts';

export type UsersClient = ClientOf<typeof usersContract>;

export const PASSWORD = 'violet harbour 27';

/** Users in a process of their own, with a clock that is moved by hand. */
export interface Desk {
  readonly host: Host;
  readonly clock: ManualClock;
  /** As a service calls. */
  readonly users: UsersClient;
  /** What `user.deleted.v1` said. */
  readonly deleted: { userId: string; visitorIds: string[] }[];
  as(caller: Caller): UsersClient;
  /** Opens an account and signs in. */
  member(email?: string, given?: { role?: Role; visitorId?: string; device?: string }): Promise<Member>;
  signIn(email: string, password?: string, visitorId?: string): Promise<Tokens>;
  /** The client of who holds these tokens. */
  holding(tokens: Tokens): UsersClient;
  /** Waits for letters to an address, the latest first. */
  lettersTo(email: string, count: number): Promise<Mail[]>;
}

export interface Member {
  readonly id: string;
  readonly email: string;
  readonly tokens: Tokens;
  readonly me: UsersClient;
}

export async function desk(env: Record<string, string> = {}): Promise<Desk> {
  const home = await temporaryHome();
  const clock = manualClock();
  const deleted: Desk['deleted'] = [];
  const host = await startHost({
    services: [users, listener(deleted)],
    home: home.path,
    listen: false,
    clock,
    env: { LOG_LEVEL: 'silent', ...env },
  });
  onTestFinished(async () => {
    await host.close();
    await home[Symbol.asyncDispose]();
  });
  return { host, clock, deleted, ...doings(host) };
}

function doings(host: Host) {
  const asService = host.client(usersContract);
  const as = (caller: Caller) => host.client(usersContract, caller);
  const holding = ({ userId, sessionId, role }: Tokens) => as({ kind: role, userId, sessionId });

  function signIn(email: string, password = PASSWORD, visitorId?: string): Promise<Tokens> {
    return asService.signIn({
      body: { email, password, address: '192.0.2.1', device: 'Tests', ...(visitorId !== undefined && { visitorId }) },
    });
  }

  return {
    users: asService,
    as,
    holding,
    signIn,
    async member(
      email = 'ada@example.org',
      { role = 'shopper' as Role, visitorId = undefined as string | undefined } = {},
    ) {
      const { id } = await asService.createUser({ body: { email, password: PASSWORD, name: 'Ada', role } });
      const tokens = await signIn(email, PASSWORD, visitorId);
      return { id, email, tokens, me: holding(tokens) };
    },
    lettersTo: (email: string, count: number) =>
      vi.waitFor(async () => {
        const { mail } = await asService.listMail({ query: { to: email } });
        expect(mail).toHaveLength(count);
        return mail;
      }, 5_000),
  };
}

/** What stands behind `#token=` of a letter. */
export function tokenIn({ text }: Mail): string {
  const token = /#token=(\S+)/.exec(text)?.[1];
  if (token === undefined) throw new Error(`No link in: ${text}`);
  return token;
}

function listener(deleted: Desk['deleted']) {
  return service({
    contract: contract({
      name: 'listener',
      title: 'Listener',
      description: 'Hears.',
      version: '1.0.0',
      operations: {},
    }),
    setup: () => ({
      handlers: {},
      consumers: [consumer({ event: userDeleted, handle: async (payload) => void deleted.push(payload) })],
    }),
  });
}
