import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ClientOf, ProblemError } from 'relearn';
import { shopperNames } from './simulator/index.ts';
import type { usersContract } from './users/contract.ts';

/** Somebody to look at the shop as. */
export interface DemoAccount {
  /** Absent where no history is known of them. */
  readonly userId?: string;
  readonly name: string;
  /** One line about them, for the page where they can be picked. */
  readonly about: string;
  readonly role: 'shopper' | 'operator';
  readonly email: string;
  readonly password: string;
}

interface KeptAccounts {
  readonly accounts: readonly DemoAccount[];
  /** Whether all were opened: whoever deletes theirs afterwards does not find it again. */
  readonly opened: boolean;
}

/** Opens accounts to look at the shop with, once; the same ones at every start. Their passwords are random, and kept in `home`. */
export async function openDemoAccounts(
  users: ClientOf<typeof usersContract>,
  { home, isMadeUp }: { readonly home: string; readonly isMadeUp: boolean },
): Promise<readonly DemoAccount[]> {
  const path = join(home, 'demo-accounts.json');
  const kept = await keptAccounts(path);
  if (kept?.opened) return kept.accounts;
  const accounts = kept?.accounts ?? newAccounts(isMadeUp);
  await keep(path, { accounts, opened: false });
  await Promise.all(accounts.map((account) => open(users, account)));
  await keep(path, { accounts, opened: true });
  return accounts;
}

async function open(users: ClientOf<typeof usersContract>, account: DemoAccount): Promise<void> {
  const { userId: id, name, email, password, role } = account;
  const isThere = (error: unknown) => error instanceof ProblemError && error.status === 409;
  await users.createUser({ body: { name, email, password, role, ...(id !== undefined && { id }) } }).catch((error) => {
    if (!isThere(error)) throw error;
  });
}

function newAccounts(isMadeUp: boolean): DemoAccount[] {
  const account = (name: string, about: string, role: DemoAccount['role'] = 'shopper') => ({
    name,
    about,
    role,
    email: `${name.toLowerCase()}@lantern.example`,
    password: randomBytes(9).toString('base64url'),
  });
  const shoppers = isMadeUp
    ? shopperNames.map(({ userId, name, personality }) => ({ userId, ...account(name, personality) }))
    : [account('Demo', 'Somebody the shop does not know yet')];
  return [...shoppers, account('Operator', 'Runs the shop', 'operator')];
}

async function keptAccounts(path: string): Promise<KeptAccounts | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as KeptAccounts);
}

async function keep(path: string, accounts: KeptAccounts): Promise<void> {
  await writeFile(path, JSON.stringify(accounts, null, 2), { mode: 0o600 });
}
