import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { frameworkProblems } from '../contract/framework-problems.ts';
import { ProblemError } from '../contract/problem.ts';
import type { RunningEndpoint } from './call.ts';
import { type Exchanges, HttpExchange, sendProblem } from './http-exchange.ts';
import { keepRawBody } from './raw-body.ts';

const BODY_BYTES_MAX = 1024 * 1024;
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Serves a service's operations under `/api/<name>`. A path's other methods are refused by name. */
export function serveOperations(
  server: FastifyInstance,
  service: string,
  endpoints: readonly RunningEndpoint[],
  around: Exchanges,
): void {
  const methodsByShape = new Map<string, { url: string; methods: string[] }>();
  for (const endpoint of endpoints) {
    const { method, path, bodyBytesMax = BODY_BYTES_MAX, rawBody } = endpoint.operation;
    const url = `/api/${service}${path}`;
    const shape = path.replaceAll(/:[^/]+/g, ':');
    const known = methodsByShape.get(shape) ?? { url, methods: [] };
    known.methods.push(method);
    methodsByShape.set(shape, known);
    const handler = (request: FastifyRequest, reply: FastifyReply) => {
      void new HttpExchange(endpoint, request, reply, around).answer();
    };
    const hooks = rawBody ? { preParsing: keepRawBody } : {};
    server.route({ method, url, bodyLimit: bodyBytesMax, handler, ...hooks, config: { metrics: endpoint.metrics } });
  }
  for (const { url, methods } of methodsByShape.values()) refuseOtherMethods(server, url, methods);
}

function refuseOtherMethods(server: FastifyInstance, url: string, methods: readonly string[]): void {
  server.route({
    method: METHODS.filter((method) => !methods.includes(method)),
    url,
    handler: (request, reply) => {
      void reply.header('allow', methods.join(', '));
      sendProblem(request, reply, new ProblemError(frameworkProblems.methodNotAllowed));
    },
  });
}
