import { type TObject, type TSchema, Type as t } from 'typebox';
import { frameworkProblems } from '../contract/framework-problems.ts';
import type { Operation } from '../contract/operation.ts';
import { ProblemError } from '../contract/problem.ts';
import { compileCheck, type Fault } from '../contract/schema-check.ts';
import { compileTextCoercion } from '../contract/text-coercion.ts';

/** The parts of a request, read but not yet checked. */
export interface RequestParts {
  readonly params?: unknown;
  readonly query?: unknown;
  readonly headers?: unknown;
  readonly body?: unknown;
}

/** Thrown when a handler's reply is not what its contract declares: a fault of the service, never of the caller. */
export class ReplyInvalid extends Error {
  override readonly name = 'ReplyInvalid';
}

/** One operation, compiled: how requests are read and replies written, whatever carries them. */
export interface Endpoint {
  readonly operation: Operation;
  readonly status: number;
  /** @throws ProblemError `request-invalid` naming the fields. */
  read(parts: RequestParts): object;
  /** A reply, or what one event of a stream holds, as JSON. @throws ReplyInvalid naming the fields. */
  write(reply: unknown): string;
}

export function compileEndpoint(name: string, operation: Operation): Endpoint {
  const readers = [
    partReader('params', operation.params, textsOf(operation.params)),
    partReader('query', operation.query, textsOf(operation.query)),
    headersReader(operation.headers),
    partReader('body', operation.body, undefined),
  ].filter((reader) => reader !== undefined);
  const reply = compileCheck(operation.stream ?? operation.reply ?? NOTHING);

  return {
    operation,
    status: operation.status ?? 200,
    read(parts) {
      const request = {};
      for (const read of readers) read(parts, request);
      return request;
    },
    write(value) {
      if (!reply.accepts(value)) throw replyInvalid(name, reply.faults(value, 'reply'));
      return JSON.stringify(value);
    },
  };
}

const NOTHING = t.Undefined();

type Part = 'params' | 'query' | 'headers' | 'body';
type PartReader = (parts: RequestParts, request: Partial<Record<Part, unknown>>) => void;

function textsOf(schema: TObject | undefined) {
  return schema === undefined ? undefined : compileTextCoercion(schema);
}

function partReader(
  part: Part,
  schema: TSchema | undefined,
  coerce: ((values: Record<string, unknown>) => void) | undefined,
): PartReader | undefined {
  if (schema === undefined) return undefined;
  const check = compileCheck(schema);
  return (parts, request) => {
    const value = parts[part] ?? (part === 'body' ? parts.body : {});
    coerce?.(value as Record<string, unknown>);
    check.fillDefaults?.(value);
    if (!check.accepts(value)) throw requestInvalid(check.faults(value, part));
    request[part] = value;
  };
}

/** Of all headers, those that are declared: others are nobody's business. */
function headersReader(schema: TObject | undefined): PartReader | undefined {
  const read = partReader('headers', schema, textsOf(schema));
  if (read === undefined) return undefined;
  const names = Object.keys(schema!.properties);
  return ({ headers = {} }, request) => {
    const all = headers as Readonly<Record<string, unknown>>;
    read(
      { headers: Object.fromEntries(names.filter((name) => name in all).map((name) => [name, all[name]])) },
      request,
    );
  };
}

export function requestInvalid(faults: readonly Fault[]): ProblemError {
  const detail = faults.map(({ field, takes }) => `${field} ${takes}`).join('; ');
  return new ProblemError(frameworkProblems.requestInvalid, { detail, data: { faults } });
}

function replyInvalid(name: string, faults: readonly Fault[]): ReplyInvalid {
  const fields = faults.map(({ field, takes }) => `${field} ${takes}`).join('; ');
  return new ReplyInvalid(`${name} gave a reply that its contract does not declare: ${fields}`);
}
