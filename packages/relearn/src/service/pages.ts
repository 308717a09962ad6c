import { resolve } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { frameworkProblems } from '../contract/framework-problems.ts';
import { ProblemError } from '../contract/problem.ts';
import { sendProblem } from './http-exchange.ts';

const PAGE_HEADERS = {
  'content-security-policy':
    "default-src 'self'; img-src 'self' data: https:; style-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
};

/** A name that changes with its content: `index-B1x9_kQ2.js`. */
const HASHED = /-[A-Za-z0-9_-]{8,}\.[a-z0-9]+(\.(br|gz))?$/;
const OWN_PATHS = /^\/(api|health|metrics)(\/|$)/;

/**
 * Serves folders of built pages. Files compressed beforehand (`.br`, `.gz`) are sent as they are, files with a hash in their name are
 * kept by browsers for a year, and a path without a dot that is no file answers the folder's `index.html`. All else is `not-found`.
 */
export async function servePages(server: FastifyInstance, pages: Readonly<Record<string, string>>): Promise<void> {
  const prefixes = Object.keys(pages).sort((one, other) => other.length - one.length);
  for (const [index, prefix] of prefixes.entries()) {
    await server.register(fastifyStatic, {
      root: resolve(pages[prefix]!),
      prefix,
      decorateReply: index === 0,
      preCompressed: true,
      cacheControl: false,
      setHeaders: (response, path) => {
        for (const [name, value] of Object.entries(PAGE_HEADERS)) {
          if (!response.raw.hasHeader(name)) void response.header(name, value);
        }
        void response.header('cache-control', HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    });
  }
  server.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '/';
    const prefix = prefixes.find((one) => path.startsWith(one) || `${path}/` === one);
    const isPage = request.method === 'GET' && !OWN_PATHS.test(path) && !(path.split('/').at(-1) ?? '').includes('.');
    if (prefix !== undefined && isPage) return sendIndex(reply, resolve(pages[prefix]!));
    sendProblem(request, reply, new ProblemError(frameworkProblems.notFound));
  });
}

function sendIndex(reply: FastifyReply, root: string): FastifyReply {
  return reply.sendFile('index.html', root);
}
