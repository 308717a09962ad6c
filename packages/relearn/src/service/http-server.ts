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
export function httpServer(): FastifyInstance {
  const server = Fastify({
    logger: false,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 1024 },
    requestTimeout: 60_000,
    frameworkErrors: (error, request, reply) => sendProblem(request, reply, asRequestProblem(error)),
    clientErrorHandler(_error, socket) {
      if (socket.writable) socket.end(malformedReply());
    },
  });
  server.removeContentTypeParser('text/plain');
  server.setErrorHandler((error, request, reply) => {
    const problem = asRequestProblem(error);
    sendProblem(request, reply, problem);
    request.routeOptions.config.metrics?.answered(problem.status, performance.now());
  });
  return server;
}

/** The whole reply to bytes that are no HTTP request. */
function malformedReply(): string {
  const problem = new ProblemError(frameworkProblems.requestMalformed);
  const body = JSON.stringify(problemDetails(problem, traceIdOf(childTraceparent(undefined))));
  return `HTTP/1.1 400 Bad Request\r\nContent-Type: ${PROBLEM_MEDIA_TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`;
}
