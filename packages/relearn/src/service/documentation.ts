import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Contract } from '../contract/contract.ts';
import { documentationPage, overviewPage, PAGE_STYLE } from '../contract/documentation-page.ts';
import { mergedOpenapi, openapi } from '../contract/openapi.ts';

const STYLE_HASH = createHash('sha256').update(PAGE_STYLE).digest('base64');
const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'`,
  'x-content-type-options': 'nosniff',
};

/** Serves a contract as OpenAPI and as a page, both rendered once. */
export function serveDocumentation(server: FastifyInstance, contract: Contract): void {
  serveBoth(server, `/api/${contract.name}`, { description: openapi(contract), page: documentationPage(contract) });
}

/** Serves all contracts of an origin as one OpenAPI document and as one page. */
export function serveOverview(server: FastifyInstance, contracts: readonly Contract[]): void {
  serveBoth(server, '/api', { description: mergedOpenapi(contracts), page: overviewPage(contracts) });
}

function serveBoth(
  server: FastifyInstance,
  prefix: string,
  { description, page }: { description: object; page: string },
): void {
  const document = JSON.stringify(description);
  server.get(`${prefix}/openapi.json`, (_request, reply) =>
    reply.header('content-type', 'application/json; charset=utf-8').send(document),
  );
  server.get(`${prefix}/docs`, (_request, reply) => reply.headers(PAGE_HEADERS).send(page));
}
