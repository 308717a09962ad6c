import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test, vi } from 'vitest';
import { joinsVectors } from './compiled-kernels.ts';

const modulePath = new URL('./compiled-kernels.ts', import.meta.url).href;

test.skipIf(!joinsVectors)('joins the vectors of the wide tile (skipped where V8 joins none)', async () => {
  const script = `const { compiledKernels } = await import('${modulePath}'); compiledKernels('wide')`;
  const trace = await promisify(execFile)(
    process.execPath,
    ['--trace-wasm-revectorize', '--wasm-num-compilation-tasks=1', '--input-type=module', '--eval', script],
    { maxBuffer: 2 ** 28 },
  );
  const joined = [...trace.stdout.matchAll(/Decide to vectorize, (\d+) revectorizable nodes/g)].map(([, count]) =>
    Number(count),
  );
  // Two columns of vectors in six rows, and what becomes of them: set, added and subtracted.
  expect(joined.filter((count) => count >= 150).length).toBeGreaterThanOrEqual(3);
});

test('says which kernels there are when told to take others', async () => {
  vi.stubEnv('RELEARN_KERNELS', 'fast');
  const { compiledKernels } = await import('./compiled-kernels.ts');
  expect(() => compiledKernels()).toThrow('RELEARN_KERNELS is "fast"; it may be wide, relaxed, plain, or left out.');
  vi.unstubAllEnvs();
});
