import { type Caller, ProblemError, type Store } from 'relearn';
import { type Account, accountById } from './accounts.ts';
import { credentialsInvalid, sessionEnded, userMissing } from './contract.ts';
import type { UsersParts } from './parts.ts';
import { liveSession } from './sessions.ts';

/** Somebody who signed in, and whose session goes on. */
export interface SignedIn {
  readonly account: Account;
  readonly sessionId: string;
}

/** @throws ProblemError `users.user-missing` when the caller is a program, `users.session-ended` when the session is no more. */
export async function signedIn(
  { store, clock }: { store: Store; clock: () => number },
  caller: Caller,
): Promise<SignedIn> {
  const { userId, sessionId } = personOf(caller);
  const session = await liveSession(store, sessionId, clock());
  const account = session?.userId === userId ? await accountById(store, userId) : undefined;
  if (account === undefined) throw new ProblemError(sessionEnded);
  return { account, sessionId };
}

/** @throws ProblemError `users.user-missing`. */
export function personOf(caller: Caller): { userId: string; sessionId: string } {
  if (caller.kind !== 'shopper' && caller.kind !== 'operator') throw new ProblemError(userMissing);
  return caller;
}

/** Lets go on who knows the account's password. @throws ProblemError `users.credentials-invalid`, `users.attempts-too-many`. */
export async function provePassword(
  { passwords, limits }: UsersParts,
  { email, passwordHash }: Account,
  password: string,
): Promise<void> {
  limits.passwords.count(email);
  if (!(await passwords.isPassword(password, passwordHash))) throw new ProblemError(credentialsInvalid);
  limits.passwords.forget(email);
}
