import { createLocalJWKSet, createRemoteJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import { frameworkProblems } from '../../contract/framework-problems.ts';
import { ProblemError } from '../../contract/problem.ts';
import type { KeySet } from './key-set.ts';

export const KEY_SET_PATH = '/.well-known/jwks.json';

/** Where the keys are found that the tokens of users and partners are verified with. */
export interface VerificationKeys {
  /** @throws ProblemError `identity-unavailable` when the keys cannot be read now. */
  readonly find: JWTVerifyGetKey;
}

/** Keys of a service of this process. An unknown key is looked for once more: keys rotate. */
export function localKeys(read: () => Promise<KeySet> | KeySet): VerificationKeys {
  let keys: ReturnType<typeof createLocalJWKSet> | undefined;
  const reread = async () => {
    keys = createLocalJWKSet((await read()) as Parameters<typeof createLocalJWKSet>[0]);
    return keys;
  };
  return {
    async find(header, token) {
      try {
        return await (keys ?? (await reread()))(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        return (await reread())(header, token);
      }
    },
  };
}

/** Keys that another process publishes; read again when a token names one that is not known, at most every 5 s. */
export function remoteKeys(url: string): VerificationKeys {
  const keys = createRemoteJWKSet(new URL(KEY_SET_PATH, url), { timeoutDuration: 2_000, cooldownDuration: 5_000 });
  return {
    async find(header, token) {
      try {
        return await keys(header, token);
      } catch (error) {
        if (error instanceof errors.JWKSNoMatchingKey) throw error;
        throw new ProblemError(frameworkProblems.identityUnavailable, { cause: error });
      }
    },
  };
}

/** Where nobody has an account. */
export const noKeys: VerificationKeys = {
  find: () => {
    throw new errors.JWKSNoMatchingKey();
  },
};
