import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compileKernels } from './build.ts';
import { kernelVariants } from './compiled-kernels.ts';

test.each(kernelVariants)('kernels-%s.wasm is what its source compiles to', async (variant) => {
  const kept = await readFile(join(import.meta.dirname, `kernels-${variant}.wasm`));
  const isSame = kept.equals(await compileKernels(variant));
  expect(isSame, 'Run npm run build:kernels and commit what it writes.').toBe(true);
});
