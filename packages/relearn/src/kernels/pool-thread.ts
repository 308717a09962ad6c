import { parentPort, workerData } from 'node:worker_threads';
import { collectGarbage } from './collect-garbage.ts';
import type { CompiledKernels } from './compiled-kernels.ts';
import { followRounds } from './thread-pool.ts';

const { compiled } = workerData as { compiled: CompiledKernels };

parentPort?.on('message', (told: WebAssembly.Memory | Int32Array) => {
  if (told instanceof WebAssembly.Memory) followRounds(told, compiled);
  else {
    collectGarbage();
    Atomics.add(told, 0, 1);
    Atomics.notify(told, 0);
  }
});
