import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';
import { ProblemError, type Static } from 'relearn';
import { passwordWeak } from './contract.ts';

const LENGTH_MIN = 8;
const LENGTH_MAX = 200;
/** Fewer guesses than a million find it. */
const SCORE_MIN = 2;
/** More of a password says nothing new of its strength, and costs time. */
const LOOKED_AT = 64;

const estimator = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });

type Weakness = Static<NonNullable<typeof passwordWeak.data>>['reason'];

/** Accepts what takes a million guesses and more; asks for no kinds of characters. @throws ProblemError `users.password-weak`. */
export function checkPassword(password: string, { email, name = '' }: { email: string; name?: string }): void {
  const reason = weakness(password, [email, ...email.split(/[@.]/), ...name.split(' ')]);
  if (reason !== undefined) throw new ProblemError(passwordWeak, { data: { reason } });
}

function weakness(password: string, ownWords: readonly string[]): Weakness | undefined {
  const length = Array.from(password).length;
  if (length < LENGTH_MIN) return 'too-short';
  if (length > LENGTH_MAX) return 'too-long';
  const words = ownWords.filter((word) => word.length > 2);
  const { score, sequence } = estimator.check(password.slice(0, LOOKED_AT), words);
  if (score >= SCORE_MIN) return undefined;
  const isOwnWord = sequence.some((match) => 'dictionaryName' in match && match.dictionaryName === 'userInputs');
  return isOwnWord ? 'like-the-email' : 'too-common';
}
