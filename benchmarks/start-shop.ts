import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { ownToken } from 'relearn';

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
  /** Memory the process holds now, bytes; Linux alone. */
  residentBytes(): Promise<number>;
  stop(): Promise<void>;
}

/** Starts the shop with `args`, and returns at the first trained answer. @throws when the process ends before. */
export async function startShop(home: string, userId: string, args: readonly string[] = []): Promise<StartedShop> {
  const startedMs = performance.now();
  const shop = spawn(process.execPath, [join(root, 'bin/relearn.js'), 'start', ...args], {
    cwd: root,
    env: { ...process.env, RELEARN_HOME: home, PORT: '0', LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [, url = ''] = await saying(shop, shop.stderr!, /Listening on (http:[^ ]+) /);
  await saying(shop, shop.stdout!, /Trained \(.+\) and answering/);
  const version = await trainedAnswer(url, userId, await (await ownToken(home))());
  return {
    url,
    version,
    trainedMs: performance.now() - startedMs,
    peakBytes: () => memoryBytes(shop.pid!, 'VmHWM'),
    residentBytes: () => memoryBytes(shop.pid!, 'VmRSS'),
    async stop() {
      shop.kill('SIGTERM');
      if (shop.exitCode === null) await once(shop, 'exit');
    },
  };
}

/** Waits until it says so. */
async function saying(shop: ChildProcess, stream: Readable, sentence: RegExp): Promise<RegExpExecArray> {
  let said = '';
  stream.on('data', (chunk) => {
    said += chunk;
  });
  while (shop.exitCode === null) {
    const found = sentence.exec(said);
    if (found) return found;
    await sleep(10);
  }
  throw new Error(`The shop ended early. ${said}`);
}

async function trainedAnswer(url: string, userId: string, token: string): Promise<string> {
  const reply = await fetch(`${url}/api/recommender/for-you`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ userId }),
  });
  const { version, items } = (await reply.json()) as { version?: string | null; items?: unknown[] };
  if (!version || !items?.length) throw new Error(`No trained version answered ${userId}.`);
  return version;
}

async function memoryBytes(pid: number, field: 'VmHWM' | 'VmRSS'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1]) * 1024;
}
