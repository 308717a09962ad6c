import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import asc from 'assemblyscript/asc';
import { type KernelVariant, kernelVariants } from './compiled-kernels.ts';

const folder = import.meta.dirname;

/** What is compiled, and how. */
const variants: Readonly<Record<KernelVariant, readonly string[]>> = {
  wide: ['assembly/wide.ts', '--enable', 'relaxed-simd', '--use', 'WIDE=1'],
  relaxed: ['assembly/index.ts', '--enable', 'relaxed-simd', '--use', 'WIDE=0'],
  plain: ['assembly/index.ts', '--use', 'WIDE=0'],
};

/** Compiles the kernels; the same source gives the same bytes. @throws Error with the compiler's words. */
export async function compileKernels(variant: KernelVariant): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const { error } = await asc.main(
    [
      ...variants[variant],
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
  for (const variant of kernelVariants) {
    const bytes = await compileKernels(variant);
    await writeFile(join(folder, `kernels-${variant}.wasm`), bytes);
    console.log(`kernels-${variant}.wasm: ${bytes.length} bytes`);
  }
}
