import { type CallContext, job, type Store, type Tx, t } from 'relearn';
import { accountByEmail } from './accounts.ts';
import { type LinkPurpose, makeLink } from './links.ts';
import type { UsersParts } from './parts.ts';

type JobParts = Pick<UsersParts, 'clock' | 'mailer' | 'letters'>;

/**
 * Answers who asked for a link. Whether the address has an account is looked up here, after the reply, so that neither the reply nor its time
 * tells a stranger.
 */
export function linkJob({ clock, mailer, letters }: JobParts) {
  return job({
    name: 'mail-link',
    payload: t.Object({
      purpose: t.Enum(['sign-up', 'password-reset', 'email-change']),
      email: t.String(),
      userId: t.Union([t.String(), t.Null()], { description: 'Who wants to change the address' }),
    }),
    perform:
      async ({ purpose, email, userId }) =>
      async (tx: Tx) => {
        const account = await accountByEmail(tx, email);
        if (purpose === 'sign-up' && account !== undefined) return mailer.write(tx, letters.alreadySignedUp(email));
        if (purpose === 'password-reset' && account === undefined) return;
        if (purpose === 'email-change' && account !== undefined) return;
        const owner = purpose === 'password-reset' ? (account?.id ?? null) : userId;
        const token = await makeLink(tx, { purpose, email, userId: owner, askedAtMs: clock() });
        await mailer.write(tx, letters.link(purpose, email, token));
      },
  });
}

/** @throws ProblemError `users.attempts-too-many`. */
export async function askForLink(
  { store, limits }: { store: Store; limits: UsersParts['limits'] },
  { address = 'here' }: Pick<CallContext, 'address'>,
  wish: { purpose: LinkPurpose; email: string; userId: string | null },
): Promise<void> {
  limits.askers.count(address);
  limits.letters.count(wish.email);
  await store.transact((tx) => tx.schedule({ name: 'mail-link' }, wish));
}
