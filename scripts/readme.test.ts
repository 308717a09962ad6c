import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

const read = (path: string) => readFile(new URL(`../${path}`, import.meta.url), 'utf8');

test('code that the README shows is the code that runs', async () => {
  const shown = [...(await read('README.md')).matchAll(/<!-- (\S+) -->\n```ts\n([\s\S]*?)```/g)];
  expect(shown.length).toBeGreaterThan(0);
  for (const [, path, code] of shown) expect(code).toBe(await read(path!));
});
