import type { Static, TSchema } from 'typebox';

/** A declared error: RFC 9457 problem details with a stable `code`. Made by {@link problem}, thrown as {@link ProblemError}. */
export interface ProblemType<Data extends TSchema | undefined = TSchema | undefined> {
  /** Stable and unique, `service.noun-state`, e.g. `catalog.product-not-found`. */
  readonly code: string;
  /** HTTP status, 400 to 599. */
  readonly status: number;
  /** One sentence that says what is wrong and what to do. */
  readonly title: string;
  /** What the problem carries under `data`, if anything. */
  readonly data?: Data;
}

export type ProblemData<P extends ProblemType> =
  P extends ProblemType<infer D> ? (D extends TSchema ? Static<D> : undefined) : never;

/** Declares an error that operations may list under `errors`. */
export function problem<const Data extends TSchema | undefined = undefined>(type: {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly data?: Data;
}): ProblemType<Data> {
  return Object.freeze(type) as ProblemType<Data>;
}

/** A declared problem on its way: thrown by handlers, rethrown by clients with the same `code`. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: string;
  readonly status: number;
  readonly title: string;
  /** What is wrong this time; shown to the caller, so never a secret. */
  readonly detail: string | undefined;
  readonly data: unknown;

  constructor(type: ProblemType, options: { detail?: string; data?: unknown; cause?: unknown } = {}) {
    super(options.detail ?? type.title, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = type.code;
    this.status = type.status;
    this.title = type.title;
    this.detail = options.detail;
    this.data = options.data;
  }
}
