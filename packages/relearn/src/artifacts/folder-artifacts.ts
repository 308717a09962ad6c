import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Artifacts } from './artifacts.ts';

/** No file has this name. */
export class ArtifactMissing extends Error {
  override readonly name = 'ArtifactMissing';

  constructor(hash: string, path: string) {
    super(`Artifact ${hash} is missing: there is no ${path}.`);
  }
}

/** The file's bytes do not give its name: it was cut short or changed. */
export class ArtifactDamaged extends Error {
  override readonly name = 'ArtifactDamaged';

  constructor(hash: string, path: string, found: string) {
    super(`Artifact ${hash} is damaged: ${path} has the hash ${found}.`);
  }
}

const hashPattern = /^[0-9a-f]{64}$/;

/** What a writer left unfinished this long ago, it will not finish. */
const PART_MS_MAX = 60 * 60 * 1_000;

/** Artifacts as files in one folder, in subfolders of their first two letters. Removes what writers that crashed left behind. */
export function openFolderArtifacts(folder: string): Artifacts {
  mkdirSync(folder, { recursive: true });
  removeOldParts(folder);

  function pathOf(hash: string): string {
    if (!hashPattern.test(hash))
      throw new TypeError(`An artifact's name is 64 hex digits, not ${JSON.stringify(hash)}.`);
    return join(folder, hash.slice(0, 2), hash);
  }

  return {
    async put(bytes) {
      const hash = sha256(bytes);
      const path = pathOf(hash);
      if (await holds(path, bytes.byteLength)) return hash;
      await mkdir(dirname(path), { recursive: true });
      await writeWhole(path, bytes);
      return hash;
    },
    async get(hash) {
      const path = pathOf(hash);
      const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
        throw error.code === 'ENOENT' ? new ArtifactMissing(hash, path) : error;
      });
      const found = sha256(bytes);
      if (found !== hash) throw new ArtifactDamaged(hash, path, found);
      return bytes;
    },
    async delete(hash) {
      await rm(pathOf(hash), { force: true });
    },
  };
}

/** A whole file of the same name is there already; one cut short is written anew. */
async function holds(path: string, sizeBytes: number): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.size === sizeBytes && sha256(await readFile(path)) === path.slice(-64);
}

function removeOldParts(folder: string): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.part')) continue;
    const part = join(folder, name);
    const writtenAtMs = statSync(part, { throwIfNoEntry: false })?.mtimeMs;
    if (writtenAtMs !== undefined && Date.now() - writtenAtMs > PART_MS_MAX) rmSync(part, { force: true });
  }
}

/**
 * Writes beside, syncs, renames, and syncs the folder and the one above, in which it may be new: a crash leaves the whole file or none, and
 * what was acknowledged stays.
 */
async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const beside = `${path}.${randomUUID()}.part`;
  try {
    const file = await open(beside, 'w');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
    await syncFolder(dirname(path));
    await syncFolder(dirname(dirname(path)));
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

/** A rename is durable once its folder is; Windows cannot open folders and needs no sync. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
