import { hash, verify } from '@node-rs/argon2';
import pLimit from 'p-limit';
import { ProblemError } from 'relearn';
import { signInBusy } from './contract.ts';

/** argon2id at OWASP's first choice: 19 MiB, 2 passes, 1 lane; some 20 ms of a core. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const AT_ONCE_MAX = 2;
const WAITING_MAX = 64;

/** Hashes and checks passwords, few at a time: each takes 19 MiB. */
export class Passwords {
  readonly #limit = pLimit(AT_ONCE_MAX);
  /** What a password is checked against where there is no account, so that it takes as long. */
  readonly #nobodys = hash('', COST);

  /** PHC string. @throws ProblemError `users.sign-in-busy` when too many wait. */
  hash(password: string): Promise<string> {
    return this.#inTurn(() => hash(password.normalize('NFKC'), COST));
  }

  /** Whether the password is the hash's; never for no hash, after as long. @throws ProblemError `users.sign-in-busy` when too many wait. */
  isPassword(password: string, hashed: string | undefined): Promise<boolean> {
    return this.#inTurn(async () => {
      const isSame = await verify(hashed ?? (await this.#nobodys), password.normalize('NFKC'));
      return isSame && hashed !== undefined;
    });
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#limit.pendingCount >= WAITING_MAX) throw new ProblemError(signInBusy);
    return this.#limit(work);
  }
}
