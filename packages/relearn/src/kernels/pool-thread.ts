import { parentPort, workerData } from 'node:worker_threads';
import { followRounds } from './thread-pool.ts';

const { module } = workerData as { module: WebAssembly.Module };

parentPort?.on('message', (memory: WebAssembly.Memory) => followRounds(memory, module));
