import type { FastifyInstance } from 'fastify';
import type { KeySet } from './key-set.ts';
import { KEY_SET_PATH } from './verification-keys.ts';

/** Publishes the keys with which tokens are verified. */
export function serveKeySet(server: FastifyInstance, read: () => Promise<KeySet> | KeySet): void {
  server.get(KEY_SET_PATH, async (_request, reply) =>
    reply.header('cache-control', 'public, max-age=60').send(await read()),
  );
}
