import { frameworkProblems, ProblemError, type ProblemType } from 'relearn';

/** Whether users refused what a caller showed, as it declares or because it cannot be one of its own; not whether users failed. */
export function isRefusal(error: unknown, declared: ProblemType): boolean {
  if (!(error instanceof ProblemError)) return false;
  return error.code === declared.code || error.code === frameworkProblems.requestInvalid.code;
}
