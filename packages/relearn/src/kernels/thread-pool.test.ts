import { setTimeout } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { CompiledKernels } from './compiled-kernels.ts';
import { instantiateKernels, takeMemory } from './load-kernels.ts';
import { SpdInverse } from './spd-inverse.ts';
import { Team, ThreadPool, type ThreadPoolOptions } from './thread-pool.ts';

/** A module that has this body as every task that inverting takes. */
function inverseTasksOf(...body: readonly number[]): CompiledKernels {
  const names = ['pivotPanelTask', 'triangleTask', 'mirrorTask'].map((name) => new TextEncoder().encode(name));
  const exported = names.flatMap((name) => [name.length, ...name, 0, 0]);
  const type = [1, 0x60, 1, 0x7f, 0];
  const code = [1, body.length + 2, 0, ...body, 0x0b];
  const sections = [
    [1, type.length, ...type],
    [3, 2, 1, 0],
    [7, exported.length + 1, names.length, ...exported],
    [10, code.length, ...code],
  ];
  return [new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...sections.flat()))];
}

const trapping = inverseTasksOf(0x00);
const endless = inverseTasksOf(0x03, 0x40, 0x0c, 0, 0x0b);

function invertIdentity(pool: ThreadPool): void {
  const inverse = new SpdInverse(1_200);
  for (let row = 0; row < inverse.n; row++) inverse.matrix[row * inverse.stride + row] = 2;
  inverse.invert({ pool });
  expect(inverse.matrix[0]).toBe(0.5);
}

/** What inverting threw, if it did. */
function failureOf(pool: ThreadPool): Error | undefined {
  try {
    invertIdentity(pool);
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

/** Has a pool of one bad thread work until the thread has taken a task. */
async function firstFailure(options: ThreadPoolOptions): Promise<{ pool: ThreadPool; message: string }> {
  const pool = new ThreadPool(1, options);
  onTestFinished(() => pool.close());
  const { message } = await vi.waitUntil(() => failureOf(pool), { timeout: 15_000, interval: 1 });
  return { pool, message };
}

test('a thread that fails at its task fails the caller, and later ones', async () => {
  const { pool, message } = await firstFailure({ compiled: trapping });
  expect(message).toBe('A thread of the pool failed at its task.');
  const later = await vi.waitUntil(() => failureOf(pool));
  expect(later.message).toBe('A thread of the pool has died.');
  expect(later.cause).toMatchObject({ message: 'unreachable' });
});

test('a thread that never finishes its task is given up', async () => {
  const { message } = await firstFailure({ compiled: endless, stallMs: 200 });
  expect(message).toMatch(/has not finished its task for 0\.2 s; it may be dead/);
});

test('threads come back to a memory that they were dismissed from', async () => {
  const pool = new ThreadPool(1, { compiled: trapping });
  onTestFinished(() => pool.close());
  const memory = takeMemory(4_096, 'A test');
  const kernels = { ...instantiateKernels(memory), pivotPanelTask: () => undefined };
  new Team(memory, kernels).dismiss();
  const team = pool.join(memory, kernels);
  await setTimeout(500); // long enough that the thread looks before the first round
  const run = () => team.run('pivotPanelTask', 1_000, { integers: [] });
  await vi.waitFor(() => expect(run).toThrow('A thread of the pool failed at its task.'), { timeout: 15_000 });
});

test('frees memories that nothing refers to, and goes on working', async () => {
  const pool = new ThreadPool(1);
  const heldBefore = process.memoryUsage().rss;
  for (let again = 0; again < 8; again++) {
    const memory = new WebAssembly.Memory({ initial: 1_024, maximum: 1_024, shared: true });
    new Uint8Array(memory.buffer, 4_096).fill(1);
    pool.join(memory, instantiateKernels(memory)).dismiss();
  }
  pool.freeMemories();
  // Eight of 64 MiB, of which the last may still be on the stack.
  expect(process.memoryUsage().rss - heldBefore).toBeLessThan(256 * 1024 ** 2);
  await pool.close();
});
