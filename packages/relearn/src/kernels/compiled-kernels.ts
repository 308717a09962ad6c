import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import type { Kernels } from './kernels.ts';

/**
 * `plain` is for runtimes without relaxed SIMD. `relaxed` has fused multiply-add: its sums differ in their last bits. `wide` is the same bits, its products by register tiles
 * twice as wide, for where vectors of 128 bits are joined in pairs.
 */
export const kernelVariants = ['wide', 'relaxed', 'plain'] as const;
export type KernelVariant = (typeof kernelVariants)[number];

/** Modules to be instantiated on one memory: the kernels of a later one take the place of an earlier one's. */
export type CompiledKernels = readonly WebAssembly.Module[];

/** The V8 of Node 24: older ones join no vectors, later ones end the process over these flags. */
const JOINING_V8 = /^13\.6\./;

/** Vectors are joined by the optimising compiler, when it is told to: it is experimental. That compiler comes late, or never, unless it is told that too. */
const JOINING_FLAGS = ['--experimental-wasm-revectorize', '--no-wasm-lazy-compilation', '--no-liftoff'];
const USUAL_FLAGS = ['--no-experimental-wasm-revectorize', '--wasm-lazy-compilation', '--liftoff'];

/** A function whose body is one relaxed instruction: only a runtime that has them finds it valid. */
const relaxedProbe = Uint8Array.of(
  0,
  97,
  115,
  109,
  1,
  0,
  0,
  0,
  1,
  5,
  1,
  96,
  0,
  1,
  123,
  3,
  2,
  1,
  0,
  10,
  15,
  1,
  13,
  0,
  65,
  1,
  253,
  15,
  65,
  2,
  253,
  15,
  253,
  128,
  2,
  11,
);

const modules = new Map<KernelVariant, WebAssembly.Module>();
let bestVariant: KernelVariant | undefined;

/**
 * The kernels, of the best variant that the runtime has unless told by the argument or by `RELEARN_KERNELS`. Compiled once a thread; `wide` takes some 20 ms.
 *
 * @throws RangeError when `RELEARN_KERNELS` names no variant.
 */
export function compiledKernels(variant = chooseVariant()): CompiledKernels {
  return variant === 'wide' ? [compiledModule('relaxed'), compiledModule('wide')] : [compiledModule(variant)];
}

function compiledModule(variant: KernelVariant): WebAssembly.Module {
  let module = modules.get(variant);
  if (module === undefined) {
    const bytes = readFileSync(join(import.meta.dirname, `kernels-${variant}.wasm`));
    module = variant === 'wide' && joinsVectors ? compileJoined(bytes) : new WebAssembly.Module(bytes);
    modules.set(variant, module);
  }
  return module;
}

/** Whether V8 can be told to join vectors; it does where the processor has registers of 256 bits. */
export const joinsVectors = process.arch === 'x64' && JOINING_V8.test(process.versions.v8);

/** The flags hold for this module alone: of kernels that this V8 joins, one on f64 answered wrongly, so only those that gain are joined. */
function compileJoined(bytes: Uint8Array): WebAssembly.Module {
  for (const flag of JOINING_FLAGS) setFlagsFromString(flag);
  try {
    return new WebAssembly.Module(bytes);
  } finally {
    for (const flag of USUAL_FLAGS) setFlagsFromString(flag);
  }
}

function chooseVariant(): KernelVariant {
  bestVariant ??= toldVariant() ?? findBestVariant();
  return bestVariant;
}

function toldVariant(): KernelVariant | undefined {
  const told = process.env.RELEARN_KERNELS;
  if (!told) return undefined;
  const variant = kernelVariants.find((name) => name === told);
  if (variant !== undefined) return variant;
  throw new RangeError(`RELEARN_KERNELS is "${told}"; it may be ${kernelVariants.join(', ')}, or left out.`);
}

function findBestVariant(): KernelVariant {
  if (!WebAssembly.validate(relaxedProbe)) return 'plain';
  return joinsVectors && isWideTileRight() ? 'wide' : 'relaxed';
}

/**
 * Tries the wide tile on `x · y − f32(x · y)`, which is exact and not 0 with fused multiply-add alone: a processor that has it has registers of 256 bits too. Vectors that were
 * joined wrongly would show as well.
 */
function isWideTileRight(): boolean {
  const [rows, columns] = [6, 16];
  const [a, b, target] = [1_024, 2_048, 4_096];
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const values = new Float32Array(memory.buffer);
  const { exports } = new WebAssembly.Instance(compiledModule('wide'), { env: { memory } });
  const x = 1 + 2 ** -12;
  const ys = Array.from({ length: columns }, (_, column) => x + column * 2 ** -13);
  for (let row = 0; row < rows; row++) {
    values[a / 4 + row] = -(2 ** row);
    values[a / 4 + rows + row] = x * 2 ** row;
  }
  for (const [column, y] of ys.entries()) {
    const packed = b / 4 + (column >> 3) * 16 + (column & 7);
    values[packed] = x * y;
    values[packed + 8] = y;
  }
  (exports as unknown as Kernels).setProduct(target, columns, a, b, 2, rows, columns, -columns);
  const found = values.subarray(target / 4, target / 4 + rows * columns);
  return found.every((value, at) => {
    const y = ys[at % columns]!;
    return value === (x * y - Math.fround(x * y)) * 2 ** Math.floor(at / columns);
  });
}
