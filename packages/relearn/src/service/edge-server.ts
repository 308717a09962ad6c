import type { IncomingHttpHeaders } from 'node:http';
import httpProxy, { type FastifyHttpProxyOptions } from '@fastify/http-proxy';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Contract } from '../contract/contract.ts';
import { clientProblems } from '../contract/framework-problems.ts';
import { ProblemError } from '../contract/problem.ts';
import { childTraceparent, traceIdOf } from '../contract/trace.ts';
import type { Edge } from './edge.ts';
import { sendProblem } from './http-exchange.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** What a request carries on to another process. */
    passedToken?: string | undefined;
  }
}

/** Has every request admitted by the edge before anything else sees it. Its trace id is told as `X-Request-Id`. */
export function guardWith(server: FastifyInstance, edge: Edge): void {
  server.addHook('onRequest', async (request, reply) => {
    const traceparent = childTraceparent(request.headers.traceparent as string | undefined);
    request.headers.traceparent = traceparent;
    reply.raw.setHeader('x-request-id', traceIdOf(traceparent));
    const { method, url, headers, ip } = request;
    const admission = await edge.admit({ method, url, headers, address: ip });
    for (const [name, value] of Object.entries(admission.headers ?? {})) reply.raw.setHeader(name, value);
    if (admission.refusal !== undefined) sendProblem(request, reply, admission.refusal);
    else if (admission.answered) void reply.code(204).send();
    request.admitted = admission.caller;
    request.passedToken = admission.token;
    return reply.sent ? reply : undefined;
  });
}

/** Passes requests for services that run in other processes on to them, streams included. */
export async function passOn(
  server: FastifyInstance,
  routes: readonly Contract[],
  urls: ReadonlyMap<string, string>,
): Promise<void> {
  for (const { name } of routes) {
    const upstream = urls.get(name);
    if (upstream === undefined) continue;
    await server.register(async (scope) => {
      // Bodies go through as they are.
      scope.removeAllContentTypeParsers();
      await scope.register(httpProxy, proxyOptions(name, upstream));
    });
  }
}

function proxyOptions(name: string, upstream: string): FastifyHttpProxyOptions {
  const prefix = `/api/${name}`;
  return {
    upstream,
    prefix,
    rewritePrefix: prefix,
    undici: { connections: 64, headersTimeout: 0, bodyTimeout: 0 },
    replyOptions: {
      rewriteHeaders: varied,
      rewriteRequestHeaders: (request, headers) => forwarded(request as FastifyRequest, headers),
      onError: (reply, { error }) => refuse(reply as FastifyReply, name, error),
    },
  };
}

/** Cookies and API keys are for the edge alone: what they stand for travels as a token. */
function forwarded({ passedToken }: FastifyRequest, headers: Record<string, unknown>) {
  delete headers.cookie;
  delete headers['x-api-key'];
  return { ...headers, ...(passedToken !== undefined && { authorization: `Bearer ${passedToken}` }) } as Record<
    string,
    string
  >;
}

/** What a service says its reply varies with comes beside what the edge varies it with, as CORS does. */
function varied(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return headers.vary === undefined ? headers : { ...headers, vary: `${headers.vary}, origin` };
}

function refuse(reply: FastifyReply, name: string, cause: unknown): void {
  const problem = new ProblemError(clientProblems.unreachable, { detail: `${name} could not be reached.`, cause });
  sendProblem(reply.request, reply, problem);
}
