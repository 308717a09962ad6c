import { parentPort, workerData } from 'node:worker_threads';
import { collectGarbage } from './collect-garbage.ts';
import { followRounds } from './thread-pool.ts';

const { module } = workerData as { module: WebAssembly.Module };

parentPort?.on('message', (told: WebAssembly.Memory | Int32Array) => {
  if (told instanceof WebAssembly.Memory) followRounds(told, module);
  else {
    collectGarbage();
    Atomics.add(told, 0, 1);
    Atomics.notify(told, 0);
  }
});
