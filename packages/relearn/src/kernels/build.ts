import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import asc from 'assemblyscript/asc';
import type { KernelVariant } from './load-kernels.ts';

const folder = import.meta.dirname;

/** One module for runtimes with relaxed SIMD, one for those without. */
export const variants: Readonly<Record<KernelVariant, readonly string[]>> = {
  relaxed: ['--enable', 'relaxed-simd'],
  plain: [],
};

/** Compiles the kernels; the same source gives the same bytes. @throws Error with the compiler's words. */
export async function compileKernels(variant: KernelVariant): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const { error } = await asc.main(
    [
      'assembly/index.ts',
      '--outFile',
      'kernels.wasm',
      '-O3',
      '--noAssert',
      '--runtime',
      'stub',
      '--use',
      'abort=',
      '--importMemory',
      '--sharedMemory',
      '--initialMemory',
      '1',
      '--maximumMemory',
      '65536',
      '--enable',
      'simd',
      '--enable',
      'threads',
      ...variants[variant],
    ],
    {
      readFile: (name) => readFile(join(folder, name), 'utf8').catch(() => null),
      writeFile: (name, contents) => {
        if (name.endsWith('.wasm')) binary = contents as Uint8Array;
      },
      listFiles: () => [],
      reportDiagnostic: ({ message }) => console.error(message),
    },
  );
  if (error || binary === undefined)
    throw new Error(`The kernels do not compile: ${error?.message ?? 'nothing was written'}`);
  return binary;
}

if (import.meta.main) {
  for (const variant of Object.keys(variants) as KernelVariant[]) {
    const bytes = await compileKernels(variant);
    await writeFile(join(folder, `kernels-${variant}.wasm`), bytes);
    console.log(`kernels-${variant}.wasm: ${bytes.length} bytes`);
  }
}
