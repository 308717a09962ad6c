import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Host, HostOptions } from './host.ts';
import { startHost } from './start-host.ts';

/** A folder that goes when the test ends. */
export async function testFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'relearn-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A host on a free port and a home of its own; both go when the test ends. */
export async function testHost(options: HostOptions): Promise<Host> {
  const home = options.home ?? (await testFolder());
  const host = await startHost({ env: { PORT: '0', LOG_LEVEL: 'silent', ...options.env }, ...options, home });
  onTestFinished(() => host.close());
  return host;
}
