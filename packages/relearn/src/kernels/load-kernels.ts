import { compiledKernels } from './compiled-kernels.ts';
import type { Kernels } from './kernels.ts';

const PAGE_BYTES = 65_536;

/** Most that one WebAssembly memory holds. */
export const MEMORY_BYTES_MAX = 4 * 1024 ** 3 - PAGE_BYTES;

export function instantiateKernels(memory: WebAssembly.Memory, compiled = compiledKernels()): Kernels {
  const instances = compiled.map((module) => new WebAssembly.Instance(module, { env: { memory } }));
  return Object.assign({}, ...instances.map(({ exports }) => exports)) as Kernels;
}

/** @throws RangeError naming what they are for when so many bytes are more than one memory can hold. */
export function checkFits(sizeBytes: number, purpose: string): void {
  if (sizeBytes <= MEMORY_BYTES_MAX) return;
  throw new RangeError(
    `${purpose} would take ${gibibytes(sizeBytes)}; one WebAssembly memory holds ${gibibytes(MEMORY_BYTES_MAX)}.`,
  );
}

/** Takes a memory of so many bytes, all zero. It can be shared with threads. @throws RangeError when it does not fit. */
export function takeMemory(sizeBytes: number, purpose: string): WebAssembly.Memory {
  checkFits(sizeBytes, purpose);
  const pages = Math.max(1, Math.ceil(sizeBytes / PAGE_BYTES));
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
}

function gibibytes(bytes: number): string {
  return `${(bytes / 1024 ** 3).toFixed(2)} GiB`;
}

/** Gives out parts of a memory one after the other, each at a multiple of 16 bytes. */
export class Layout {
  #end = 1024;

  get sizeBytes(): number {
    return this.#end;
  }

  /** Address of a part of so many bytes. */
  take(sizeBytes: number): number {
    const at = this.#end;
    this.#end = Math.ceil((at + sizeBytes) / 16) * 16;
    return at;
  }
}
