import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** Thrown when another process keeps its data in the same folder. */
export class HomeInUse extends Error {
  override readonly name = 'HomeInUse';
}

/** Which process owns a home, as `<home>/host.json` says. `url` is absent when it does not listen. */
export interface HomeOwner {
  readonly pid: number;
  readonly url?: string;
}

export interface HomeLock {
  /** Tells others where the owner listens. */
  announce(url: string): Promise<void>;
  release(): Promise<void>;
}

const heldHere = new Set<string>();

/**
 * Takes a home for this process, so that no two write to the same files. A lock whose process is gone is taken over.
 *
 * @throws HomeInUse naming the owner.
 */
export async function lockHome(home: string): Promise<HomeLock> {
  const path = join(resolve(home), 'host.json');
  await mkdir(home, { recursive: true });
  if (heldHere.has(path)) throw new HomeInUse(`${home} is in use by another host of this process.`);
  heldHere.add(path);
  try {
    await take(home, path);
  } catch (error) {
    heldHere.delete(path);
    throw error;
  }
  return {
    async announce(url) {
      await writeFile(`${path}.next`, text({ pid: process.pid, url }));
      await rename(`${path}.next`, path);
    },
    async release() {
      await rm(path, { force: true });
      heldHere.delete(path);
    },
  };
}

/** The living process that owns a home, if any. */
export async function homeOwner(home: string): Promise<HomeOwner | undefined> {
  const path = join(resolve(home), 'host.json');
  const owner = await readOwner(path);
  if (owner === undefined) return undefined;
  const living = owner.pid === process.pid ? heldHere.has(path) : isAlive(owner.pid);
  return living ? owner : undefined;
}

async function take(home: string, path: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await writeFile(path, text({ pid: process.pid }), { flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt > 2) throw error;
    }
    const owner = await readOwner(path);
    if (owner !== undefined && owner.pid !== process.pid && isAlive(owner.pid)) {
      throw new HomeInUse(
        `${home} is in use by process ${owner.pid}${owner.url === undefined ? '' : ` at ${owner.url}`}. Stop it, or set RELEARN_HOME to another folder; if process ${owner.pid} is something else, delete ${path}.`,
      );
    }
    await rm(path, { force: true });
  }
}

async function readOwner(path: string): Promise<HomeOwner | undefined> {
  try {
    const owner = JSON.parse(await readFile(path, 'utf8'));
    return Number.isInteger(owner?.pid) ? owner : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function text(owner: HomeOwner): string {
  return `${JSON.stringify(owner)}\n`;
}
