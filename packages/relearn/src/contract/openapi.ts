import { type TSchema, Type as t } from 'typebox';
import { pathParameters } from './check-contract.ts';
import type { Contract } from './contract.ts';
import { DEADLINE_HEADER } from './deadline.ts';
import { frameworkProblems } from './framework-problems.ts';
import type { Operation } from './operation.ts';
import type { ProblemType } from './problem.ts';

/** An error a service may answer with, and by which of its operations. */
export interface ErrorCode {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  /** Names of the operations; undefined when any may. */
  readonly operations: readonly string[] | undefined;
}

/** All error codes of a service: those its operations declare, then the framework's. */
export function errorCodes({ operations }: Contract): ErrorCode[] {
  const byCode = new Map<string, ErrorCode & { operations: string[] }>();
  for (const [name, { errors = [] }] of Object.entries(operations)) {
    for (const { code, status, title } of errors) {
      const known = byCode.get(code) ?? { code, status, title, operations: [] };
      known.operations.push(name);
      byCode.set(code, known);
    }
  }
  const everywhere = Object.values(frameworkProblems).map(({ code, status, title }) => ({
    code,
    status,
    title,
    operations: undefined,
  }));
  return [...byCode.values(), ...everywhere];
}

const problemDetails = t.Object({
  type: t.String(),
  title: t.String({ description: 'What is wrong, the same for every problem of one code' }),
  status: t.Integer(),
  code: t.String({ description: 'Stable: what programs tell problems apart by' }),
  detail: t.Optional(t.String({ description: 'What is wrong this time' })),
  data: t.Optional(t.Unknown()),
  traceId: t.String({ description: 'Under which the logs tell more' }),
});

/** The OpenAPI 3.1 document of a contract. Who may call is under `x-access`, idempotency under `x-idempotency`, events under `x-events`. */
export function openapi(contract: Contract): Record<string, unknown> {
  const { name, title, description, version } = contract;
  return {
    openapi: '3.1.0',
    info: { title, description, version },
    servers: [{ url: `/api/${name}` }],
    paths: paths(contract),
    components: { schemas: { Problem: problemDetails } },
    'x-events': Object.values(contract.events).map(({ type, summary, payload }) => ({ type, summary, payload })),
    'x-error-codes': errorCodes(contract),
  };
}

/** One OpenAPI 3.1 document of many contracts: paths and operation ids begin with the service's name. */
export function mergedOpenapi(contracts: readonly Contract[]): Record<string, unknown> {
  const all = contracts.flatMap((contract) =>
    Object.entries(paths(contract)).map(([path, methods]) => {
      const named = Object.entries(methods).map(([method, described]) => [method, inDocument(contract, described)]);
      return [`/api/${contract.name}${path}`, Object.fromEntries(named)];
    }),
  );
  return {
    openapi: '3.1.0',
    info: {
      title: 'All services',
      description: 'What can be reached at this origin.',
      version: contracts.map(({ name, version }) => `${name} ${version}`).join(', '),
    },
    servers: [{ url: '/' }],
    tags: contracts.map(({ name, description }) => ({ name, description })),
    paths: Object.fromEntries(all),
    components: { schemas: { Problem: problemDetails } },
  };
}

function inDocument({ name }: Contract, described: unknown): Record<string, unknown> {
  const operation = described as { operationId: string };
  return { ...operation, operationId: `${name}_${operation.operationId}`, tags: [name] };
}

function paths({ operations }: Contract): Record<string, Record<string, unknown>> {
  const result: Record<string, Record<string, unknown>> = {};
  for (const [operationId, operation] of Object.entries(operations)) {
    const path = operation.path.replaceAll(/:([a-zA-Z][A-Za-z0-9]*)/g, '{$1}');
    result[path] = { ...result[path], [operation.method.toLowerCase()]: describe(operationId, operation) };
  }
  return result;
}

function describe(operationId: string, operation: Operation): Record<string, unknown> {
  const { summary, description, body, access, idempotency } = operation;
  return {
    operationId,
    summary,
    ...(description === undefined ? {} : { description }),
    parameters: parameters(operation),
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: responses(operation),
    'x-access': access,
    'x-idempotency': idempotency,
  };
}

function parameters({ path, params, query, headers, idempotency, ifMatch }: Operation): unknown[] {
  const inPath = pathParameters(path).map((name) => parameter('path', name, params!.properties[name]!, true));
  const required = new Set(query?.required ?? []);
  const inQuery = Object.entries(query?.properties ?? {}).map(([name, schema]) =>
    parameter('query', name, schema, required.has(name)),
  );
  const key = t.String({ minLength: 1, maxLength: 200, description: 'Made up by the caller for each new request' });
  const keyed = idempotency === 'keyed' ? [parameter('header', 'Idempotency-Key', key, true)] : [];
  const neededHeaders = new Set(headers?.required ?? []);
  const inHeaders = Object.entries(headers?.properties ?? {}).map(([name, schema]) =>
    parameter('header', name, schema, neededHeaders.has(name)),
  );
  const tag = t.String({ description: 'The ETag of what was read' });
  const matched = ifMatch === undefined ? [] : [parameter('header', 'If-Match', tag, ifMatch === 'required')];
  const remaining = t.Integer({ minimum: 0, description: 'Time left for the answer, ms' });
  return [
    ...inPath,
    ...inQuery,
    ...inHeaders,
    ...keyed,
    ...matched,
    parameter('header', DEADLINE_HEADER, remaining, false),
  ];
}

function parameter(where: 'path' | 'query' | 'header', name: string, schema: TSchema, required: boolean) {
  return { name, in: where, required, schema };
}

function responses(operation: Operation): Record<string, unknown> {
  const bad = Map.groupBy(possibleProblems(operation), (type) => type.status);
  return {
    [operation.status ?? 200]: goodResponse(operation),
    ...Object.fromEntries([...bad].map(([code, types]) => [code, problemResponse(types)])),
  };
}

function possibleProblems({ errors = [], body, idempotency, ifMatch, access }: Operation): ProblemType[] {
  const { requestInvalid, idempotencyKeyMissing, idempotencyKeyReused, bodyTooLarge, mediaTypeUnsupported } =
    frameworkProblems;
  const { internalError, storeUnavailable, identityUnavailable, deadlineExceeded, requestMalformed } =
    frameworkProblems;
  const { unauthenticated, forbidden, preconditionFailed, preconditionMissing, rateLimited } = frameworkProblems;
  const possible = [
    ...errors,
    requestInvalid,
    requestMalformed,
    unauthenticated,
    rateLimited,
    ...(access === 'public' ? [] : [forbidden]),
    ...(body === undefined ? [] : [bodyTooLarge, mediaTypeUnsupported]),
    ...(idempotency === 'keyed' ? [idempotencyKeyMissing, idempotencyKeyReused] : []),
    ...(ifMatch === undefined ? [] : [preconditionFailed]),
    ...(ifMatch === 'required' ? [preconditionMissing] : []),
    internalError,
    storeUnavailable,
    identityUnavailable,
    deadlineExceeded,
  ];
  return [...new Set(possible)];
}

function goodResponse({ status, reply, stream, etag }: Operation): unknown {
  if (stream !== undefined) {
    const description = 'Server-sent events; the data of each is JSON of `x-event`';
    return { description, content: { 'text/event-stream': { schema: t.String() } }, 'x-event': stream };
  }
  if (status === 204 || reply === undefined) return { description: 'Done' };
  const headers = { ETag: { required: true, schema: t.String() } };
  return {
    description: 'Done',
    ...(etag === undefined ? {} : { headers }),
    content: { 'application/json': { schema: reply } },
  };
}

function problemResponse(types: readonly ProblemType[]): unknown {
  const problem = { $ref: '#/components/schemas/Problem' };
  return {
    description: types.map(({ code, title }) => `\`${code}\`: ${title}`).join('\n\n'),
    content: {
      'application/problem+json': {
        schema: { oneOf: types.map((type) => ({ allOf: [problem, { properties: problemProperties(type) }] })) },
      },
    },
  };
}

function problemProperties({ code, data }: ProblemType): Record<string, unknown> {
  return data === undefined ? { code: { const: code } } : { code: { const: code }, data };
}
