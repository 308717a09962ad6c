import { type Caller, mayCall } from '../../contract/caller.ts';
import { frameworkProblems } from '../../contract/framework-problems.ts';
import type { Operation } from '../../contract/operation.ts';
import { ProblemError } from '../../contract/problem.ts';

/** @throws ProblemError `unauthenticated` when nobody in particular calls what not everybody may, `forbidden` when somebody does who may not. */
export function checkAccess(caller: Caller, service: string, { method, access }: Operation): void {
  if (mayCall(caller, { service, method, access })) return;
  const isNobody = caller.kind === 'anonymous' || (caller.kind === 'guest' && access !== 'service');
  throw new ProblemError(isNobody ? frameworkProblems.unauthenticated : frameworkProblems.forbidden);
}
