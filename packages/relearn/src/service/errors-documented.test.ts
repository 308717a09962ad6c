import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { clientProblems, frameworkProblems } from '../contract/framework-problems.ts';

const documentation = await readFile(new URL('../../../../docs/errors.md', import.meta.url), 'utf8');

it.each([...Object.values(frameworkProblems), ...Object.values(clientProblems)])(
  'docs/errors.md explains $code',
  ({ code, status }) => {
    expect(documentation).toContain(`| \`${code}\` | ${status} |`);
  },
);

it('docs/errors.md explains no code that is gone', () => {
  const known = new Set(
    [...Object.values(frameworkProblems), ...Object.values(clientProblems)].map(({ code }) => code),
  );
  const explained = Array.from(documentation.matchAll(/^\| `([^`]+)` \|/gm), (match) => match[1]);
  expect(explained.filter((code) => !known.has(code!))).toEqual([]);
});
