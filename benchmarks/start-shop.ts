import { type ChildProcess, spawn } from 'node:child_process';
import { on, once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const root = join(import.meta.dirname, '..');

/** `npm start` in a home of its own, as a user would have it. */
export interface StartedShop {
  readonly url: string;
  /** From spawning the process to the first answer of a trained version, ms. */
  readonly trainedMs: number;
  /** Version's trial that answered. */
  readonly version: string;
  /** Most memory the process held so far, bytes; Linux alone. */
  peakBytes(): Promise<number>;
  stop(): Promise<void>;
}

/** Starts the shop with `args`, and returns at the first trained answer. @throws when the process ends before. */
export async function startShop(home: string, userId: string, args: readonly string[] = []): Promise<StartedShop> {
  const startedMs = performance.now();
  const shop = spawn(process.execPath, [join(root, 'bin/relearn.js'), 'start', ...args], {
    cwd: root,
    env: { ...process.env, RELEARN_HOME: home, PORT: '0', LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const url = await urlOf(shop);
  const version = await firstTrainedAnswer(shop, url, userId);
  return {
    url,
    version,
    trainedMs: performance.now() - startedMs,
    peakBytes: () => peakBytes(shop.pid!),
    async stop() {
      shop.kill('SIGTERM');
      if (shop.exitCode === null) await once(shop, 'exit');
    },
  };
}

/** The address it says it listens on; what it says further is passed on. */
async function urlOf(shop: ChildProcess): Promise<string> {
  let said = '';
  for await (const [chunk] of on(shop.stderr!, 'data', { close: ['end'] })) {
    said += chunk;
    const url = /Listening on (http:[^ ]+) /.exec(said)?.[1];
    if (url === undefined) continue;
    shop.stderr!.pipe(process.stderr);
    return url;
  }
  throw new Error(`The shop ended before it listened. ${said}`);
}

async function firstTrainedAnswer(shop: ChildProcess, url: string, userId: string): Promise<string> {
  while (shop.exitCode === null) {
    const reply = await fetch(`${url}/api/recommender/for-you`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ userId }),
    });
    const slate = (await reply.json()) as { version?: string | null; items?: unknown[] };
    if (slate.version && slate.items?.length) return slate.version;
    await sleep(20);
  }
  throw new Error('The shop ended before it was trained.');
}

async function peakBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
}
