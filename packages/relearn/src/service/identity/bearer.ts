import { frameworkProblems } from '../../contract/framework-problems.ts';
import { ProblemError } from '../../contract/problem.ts';

const BEARER = /^Bearer +([A-Za-z0-9._~+/=-]{1,8192})$/i;

/** The token of an `Authorization` header; undefined without one. @throws ProblemError `unauthenticated` when it is of another scheme. */
export function bearerToken(authorization: string | undefined): string | undefined {
  if (authorization === undefined) return undefined;
  const token = BEARER.exec(authorization)?.[1];
  if (token === undefined) throw new ProblemError(frameworkProblems.unauthenticated);
  return token;
}
