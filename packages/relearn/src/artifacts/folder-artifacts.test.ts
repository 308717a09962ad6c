import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
