import Fastify, { type FastifyInstance } from 'fastify';
import { frameworkProblems } from '../contract/framework-problems.ts';
import { ProblemError } from '../contract/problem.ts';
import { childTraceparent, traceIdOf } from '../contract/trace.ts';
import { sendProblem } from './http-exchange.ts';
import { asRequestProblem, PROBLEM_MEDIA_TYPE, problemDetails } from './problem-details.ts';
import type { EndpointMetrics } from './request-metrics.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Counts what is refused before a handler runs. */
    readonly metrics?: EndpointMetrics;
  }
}

/** An HTTP server whose every error is problem details, those of its own parser included. */
export function httpServer({ trustedProxies }: { trustedProxies?: string | undefined } = {}): FastifyInstance {
  const server = Fastify({
    logger: false,
    ...(trustedProxies !== undefined && { trustProxy: trustedProxies }),
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 1024 },
    requestTimeout: 60_000,
    frameworkErrors: (error, request, reply) => sendProblem(request, reply, asRequestProblem(error)),
    clientErrorHandler(_error, socket) {
      if (socket.writable) socket.end(malformedReply());
    },
  });
  parseJsonQuickly(server);
  server.setErrorHandler((error, request, reply) => {
    const problem = asRequestProblem(error);
    sendProblem(request, reply, problem);
    request.routeOptions.config.metrics?.answered(problem.status, performance.now());
  });
  return server;
}

/** Where none of these stands, no key can reach a prototype, and the plain parser is enough. */
const SUSPECT = /__proto__|constructor|\\u/;

/** The careful parser looks through every body twice; most need neither look. */
function parseJsonQuickly(server: FastifyInstance): void {
  const parseCarefully = server.getDefaultJsonParser('error', 'error');
  server.removeAllContentTypeParsers();
  server.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, text, done) => {
    if (text === '' || SUSPECT.test(text)) return parseCarefully(request, text, done);
    try {
      done(null, JSON.parse(text));
    } catch {
      done(Object.assign(new Error('The body is not valid JSON.'), { statusCode: 400 }));
    }
  });
}

/** The whole reply to bytes that are no HTTP request. */
function malformedReply(): string {
  const problem = new ProblemError(frameworkProblems.requestMalformed);
  const body = JSON.stringify(problemDetails(problem, traceIdOf(childTraceparent(undefined))));
  return `HTTP/1.1 400 Bad Request\r\nContent-Type: ${PROBLEM_MEDIA_TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`;
}
