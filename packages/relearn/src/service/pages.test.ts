import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Host } from './host.ts';
import { shelfService } from './shelf.fixture.ts';
import { testFolder, testHost } from './test-host.ts';

describe('Pages', () => {
  let host: Host;
  beforeEach(async () => {
    const folder = await testFolder();
    await writeFile(join(folder, 'index.html'), '<h1>Shop</h1>');
    await writeFile(join(folder, 'app-B1x9kQ2z.js'), 'export {};');
    await writeFile(join(folder, 'app-B1x9kQ2z.js.gz'), gzipSync('export {};'));
    host = await testHost({ services: [shelfService()], pages: { '/': folder } });
  });

  it.each(['/', '/products/4', '/search?q=lamp'])(
    'answers %s with the page, checked anew each time and locked down',
    async (path) => {
      const response = await fetch(host.url + path);
      expect(await response.text()).toBe('<h1>Shop</h1>');
      expect(response.headers.get('content-type')).toContain('text/html');
      expect(response.headers.get('cache-control')).toBe('no-cache');
      expect(response.headers.get('content-security-policy')).toContain("default-src 'self'");
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    },
  );

  it('sends files compressed beforehand and lets browsers keep those with a hash', async () => {
    const response = await fetch(`${host.url}/app-B1x9kQ2z.js`, { headers: { 'accept-encoding': 'gzip' } });
    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect(response.headers.get('content-type')).toContain('javascript');
    expect(response.headers.get('cache-control')).toContain('immutable');
    expect(await response.text()).toBe('export {};');
  });

  it.each(['/missing.js', '/api/none', '/api/shelf/none', '/health/none', '/../package.json'])(
    'answers %s with a problem',
    async (path) => {
      const response = await fetch(host.url + path);
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ code: 'not-found' });
    },
  );
});
