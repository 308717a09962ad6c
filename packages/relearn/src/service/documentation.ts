import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Contract } from '../contract/contract.ts';
import { documentationPage, PAGE_STYLE } from '../contract/documentation-page.ts';
import { openapi } from '../contract/openapi.ts';

const STYLE_HASH = createHash('sha256').update(PAGE_STYLE).digest('base64');

/** Serves a contract as OpenAPI and as a page, both rendered once. */
export function serveDocumentation(server: FastifyInstance, contract: Contract): void {
  const description = JSON.stringify(openapi(contract));
  const page = documentationPage(contract);
  server.get(`/api/${contract.name}/openapi.json`, (_request, reply) =>
    reply.header('content-type', 'application/json; charset=utf-8').send(description),
  );
  server.get(`/api/${contract.name}/docs`, (_request, reply) =>
    reply
      .header('content-type', 'text/html; charset=utf-8')
      .header('content-security-policy', `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'`)
      .header('x-content-type-options', 'nosniff')
      .send(page),
  );
}
