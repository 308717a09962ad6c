import type { Store } from 'relearn';
import type { AccessTokens } from './access-tokens.ts';
import type { AttemptLimit } from './attempt-limit.ts';
import type { Letters } from './letters.ts';
import type { Mailer } from './mailer.ts';
import type { Passwords } from './passwords.ts';
import type { SigningKeys } from './signing-keys.ts';

/** What the handlers work with. */
export interface UsersParts {
  readonly store: Store;
  /** Ms since the epoch. */
  readonly clock: () => number;
  readonly passwords: Passwords;
  readonly keys: SigningKeys;
  readonly tokens: AccessTokens;
  readonly mailer: Mailer;
  readonly letters: Letters;
  readonly limits: Limits;
}

/** How often things may be tried. */
export interface Limits {
  /** Passwords for one account, by e-mail address. */
  readonly passwords: AttemptLimit;
  /** Sign-ins from one IP address. */
  readonly signIns: AttemptLimit;
  /** Letters asked for to one e-mail address. */
  readonly letters: AttemptLimit;
  /** Letters asked for from one IP address. */
  readonly askers: AttemptLimit;
}
