import { execFile } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = import.meta.dirname;
const dist = join(root, 'dist');
const sources = ['src', 'public', 'index.html', 'vite.config.ts', 'package.json'];

/**
 * Builds the pages when a source is newer than what was built; about a second. In a process of its own, so that what a build needs of
 * memory is not held by the one that serves. Returns the folder to serve.
 */
export async function buildStorefront(): Promise<string> {
  const builtAtMs = await changedAtMs(join(dist, 'index.html'));
  const newestMs = Math.max(...(await Promise.all(sources.map((source) => newestUnder(join(root, source))))));
  if (builtAtMs <= newestMs) await promisify(execFile)(process.execPath, [import.meta.filename]);
  return dist;
}

async function newestUnder(path: string): Promise<number> {
  const entries = await readdir(path, { recursive: true }).catch(() => []);
  const times = await Promise.all([path, ...entries.map((entry) => join(path, entry))].map(changedAtMs));
  return Math.max(...times);
}

/** 0 where there is no such file. */
async function changedAtMs(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.mtimeMs ?? 0;
}

if (import.meta.main) {
  const { build } = await import('vite');
  await build({ configFile: join(root, 'vite.config.ts'), logLevel: 'warn' });
}
