import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { artifactsSuite } from './artifacts-suite.ts';
import { openFolderArtifacts } from './folder-artifacts.ts';

artifactsSuite('artifacts in a folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'artifacts-'));
  return {
    artifacts: openFolderArtifacts(folder),
    damage: async (hash, change) => {
      const path = join(folder, hash.slice(0, 2), hash);
      await writeFile(path, change(await readFile(path)));
    },
    close: () => rm(folder, { recursive: true }),
  };
});

test('what a crashed writer left is removed at the next open; what is being written is not', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'artifacts-'));
  const hash = await openFolderArtifacts(folder).put(new Uint8Array([1, 2, 3]));
  const shard = join(folder, 'ab');
  await mkdir(shard, { recursive: true });
  await writeFile(join(shard, 'new.part'), 'half');
  await writeFile(join(shard, 'old.part'), 'half');
  const yesterday = new Date(Date.now() - 24 * 60 * 60 * 1_000);
  await utimes(join(shard, 'old.part'), yesterday, yesterday);
  const reopened = openFolderArtifacts(folder);
  expect(await readdir(shard)).toEqual(['new.part']);
  expect(await reopened.get(hash)).toHaveLength(3);
  await rm(folder, { recursive: true });
});
