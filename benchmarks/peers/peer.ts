import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';

const PYTHON = join(import.meta.dirname, '.venv/bin/python');

/** Whether the peers' environment is there; where it is not, a line says how to make it. */
export async function hasPeers(): Promise<boolean> {
  const isThere = await access(PYTHON).then(
    () => true,
    () => false,
  );
  if (!isThere) console.log('Skipped: the peers are not there; benchmarks/peers/setup makes their environment.');
  return isThere;
}

/**
 * Runs a Python file of this folder in the peers' environment: `input` as JSON to its standard input, its standard output read as JSON. What it says on standard
 * error is shown. Settings of OpenBLAS that would keep it from the processor's own kernels are not handed on.
 *
 * @param env added to the environment, such as `{ OPENBLAS_NUM_THREADS: '1' }`.
 * @throws Error when it ends with another status than 0.
 */
export async function runPeer<Output>(
  file: string,
  input: unknown,
  env: Readonly<Record<string, string>> = {},
): Promise<Output> {
  const { OPENBLAS_CORETYPE: _, OPENBLAS_L2_SIZE: __, ...inherited } = process.env;
  const child = spawn(PYTHON, [join(import.meta.dirname, file)], {
    env: { ...inherited, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(JSON.stringify(input));
  const ended = once(child, 'close');
  const output = await json(child.stdout).catch(() => undefined);
  const [status] = (await ended) as [number | null];
  if (status !== 0) throw new Error(`${file} ended with status ${status}.`);
  return output as Output;
}
