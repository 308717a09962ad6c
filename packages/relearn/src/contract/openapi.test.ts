import { Type as t } from 'typebox';
import { describe, expect, it } from 'vitest';
import { contract } from './contract.ts';
import { documentationPage } from './documentation-page.ts';
import { frameworkProblems } from './framework-problems.ts';
import { errorCodes, openapi } from './openapi.ts';
import { operation } from './operation.ts';
import { problem } from './problem.ts';

const full = problem({ code: 'shop.shelf-full', status: 409, title: 'No room <here>.' });
const shop = contract({
  name: 'shop',
  title: 'Shop & co',
  description: 'Sells.',
  version: '1.2.3',
  operations: {
    put: operation({
      method: 'POST',
      path: '/shelves/:id/things',
      summary: 'Put a thing on a shelf',
      access: 'operator',
      idempotency: 'keyed',
      status: 201,
      params: t.Object({ id: t.String() }),
      query: t.Object({ force: t.Optional(t.Boolean()) }),
      body: t.Object({ name: t.String() }),
      reply: t.Object({ id: t.String() }),
      errors: [full],
    }),
  },
});

describe('openapi', () => {
  const put = (openapi(shop) as any).paths['/shelves/{id}/things'].post;

  it('describes an operation whole', () => {
    expect(put).toMatchObject({ operationId: 'put', 'x-access': 'operator', 'x-idempotency': 'keyed' });
    expect(put.parameters.map((one: any) => [one.in, one.name, one.required])).toEqual([
      ['path', 'id', true],
      ['query', 'force', false],
      ['header', 'Idempotency-Key', true],
      ['header', 'relearn-deadline-ms', false],
    ]);
    expect(put.requestBody.content['application/json'].schema.required).toEqual(['name']);
    expect(put.responses['201'].content['application/json'].schema.required).toEqual(['id']);
  });

  it('lists the codes of each status', () => {
    expect(JSON.stringify(put.responses['409'])).toContain('shop.shelf-full');
    expect(JSON.stringify(put.responses['400'])).toContain('idempotency-key-missing');
    expect(JSON.stringify(put.responses['422'])).toContain('idempotency-key-reused');
  });

  it('is plain JSON', () => {
    const document = openapi(shop);
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });
});

describe('errorCodes', () => {
  it('lists the service’s own codes with their operations, then the framework’s', () => {
    const codes = errorCodes(shop);
    expect(codes[0]).toEqual({ code: 'shop.shelf-full', status: 409, title: 'No room <here>.', operations: ['put'] });
    expect(codes.slice(1).map(({ code }) => code)).toEqual(Object.values(frameworkProblems).map(({ code }) => code));
  });
});

describe('documentationPage', () => {
  it('shows operations and codes, and escapes what a contract says', () => {
    const page = documentationPage(shop);
    expect(page).toContain('<h1>Shop &amp; co');
    expect(page).toContain('/api/shop/shelves/:id/things');
    expect(page).toContain('id="shop.shelf-full"');
    expect(page).toContain('No room &lt;here&gt;.');
    expect(page).not.toMatch(/<script|https?:\/\//);
  });
});
