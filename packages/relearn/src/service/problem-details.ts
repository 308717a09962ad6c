import { frameworkProblems } from '../contract/framework-problems.ts';
import { ProblemError, type ProblemType } from '../contract/problem.ts';
import { IdempotencyKeyReused, StoreUnavailable } from '../store/index.ts';

/** RFC 9457 problem details with the stable `code` by which programs tell problems apart. */
export interface ProblemDetails {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail?: string;
  readonly data?: unknown;
  /** W3C trace id under which the logs tell more. */
  readonly traceId: string;
}

export const PROBLEM_MEDIA_TYPE = 'application/problem+json; charset=utf-8';

/**
 * What the caller is told of an error: itself when it is a problem, 503 when the store cannot work, else an opaque 500, so that
 * nothing of the inside leaks.
 */
export function asProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof IdempotencyKeyReused) return new ProblemError(frameworkProblems.idempotencyKeyReused);
  if (error instanceof StoreUnavailable) return new ProblemError(frameworkProblems.storeUnavailable, { cause: error });
  return new ProblemError(frameworkProblems.internalError, { cause: error });
}

export function problemDetails(problem: ProblemError, traceId: string): ProblemDetails {
  const { title, status, code, detail, data } = problem;
  return {
    type: 'about:blank',
    title,
    status,
    code,
    ...(detail === undefined ? {} : { detail }),
    ...(data === undefined ? {} : { data }),
    traceId,
  };
}

const byFastifyCode: Readonly<Record<string, ProblemType>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: frameworkProblems.bodyTooLarge,
  FST_ERR_CTP_INVALID_MEDIA_TYPE: frameworkProblems.mediaTypeUnsupported,
};

/** Faults of a request that Fastify finds before a handler runs. */
export function asRequestProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError || !(error instanceof Error)) return asProblem(error);
  const { code = '', statusCode = 500 } = error as { code?: string; statusCode?: number };
  const type = byFastifyCode[code];
  if (type !== undefined) return new ProblemError(type);
  if (statusCode < 400 || statusCode >= 500) return asProblem(error);
  return new ProblemError(frameworkProblems.requestMalformed, { detail: error.message });
}
