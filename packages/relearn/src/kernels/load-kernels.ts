import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The kernels, on one memory. Addresses are bytes; shapes and layouts stand beside each in `assembly/`. */
export interface Kernels {
  packColumns(source: number, stride: number, depth: number, count: number, packed: number): void;
  packRows(source: number, stride: number, depth: number, count: number, packed: number): void;
  setProduct(
    target: number,
    stride: number,
    a: number,
    b: number,
    depth: number,
    rowCount: number,
    columnCount: number,
  ): void;
  subtractProduct(
    target: number,
    stride: number,
    a: number,
    b: number,
    depth: number,
    rowCount: number,
    columnCount: number,
  ): void;
  addRows(matrix: number, stride: number, rows: number, weights: number, count: number, target: number): void;
  topK(scores: number, count: number, k: number, kept: number, best: number): void;
  scanItems(
    items: number,
    groupCount: number,
    groupsPerBlock: number,
    quads: number,
    query: number,
    offset: number,
    most: number,
    excluded: number,
    keep: number,
    scores: number,
    places: number,
  ): void;
  pivotPanelTask(task: number): void;
  triangleTask(task: number): void;
  mirrorTask(task: number): void;
  packPanelTask(task: number): void;
  productTask(task: number): void;
  reflectTask(task: number): void;
  accumulateTask(task: number): void;
  rotateTask(task: number): void;
  histogramTask(task: number): void;
  lambdaTask(task: number): void;
  logisticTask(task: number): void;
  softmaxTask(task: number): void;
  squaredTask(task: number): void;
  addLeafTask(task: number): void;
  binTask(task: number): void;
  partTask(task: number): void;
  placeTask(task: number): void;
  quantiseTask(task: number): void;
  sparseProductTask(task: number): void;
  localRidgeRoomBytes(itemCount: number, neighbourCount: number): number;
  gramTask(task: number): void;
  likeItemsTask(task: number): void;
  localRidgeTask(task: number): void;
  nextItemRoomBytes(factorCount: number, batch: number, candidateCount: number, attendedMax: number): number;
  nextItemTask(task: number): void;
  drawRowsTask(task: number): void;
  gramPartTask(task: number): void;
  turnRowsTask(task: number): void;
  solveRowsTask(task: number): void;
}

/** Kernels that threads share out among them, task by task: see `Team.run`. */
export const taskKernels = [
  'pivotPanelTask',
  'triangleTask',
  'mirrorTask',
  'packPanelTask',
  'productTask',
  'reflectTask',
  'accumulateTask',
  'rotateTask',
  'histogramTask',
  'lambdaTask',
  'logisticTask',
  'softmaxTask',
  'squaredTask',
  'addLeafTask',
  'binTask',
  'partTask',
  'placeTask',
  'quantiseTask',
  'sparseProductTask',
  'gramTask',
  'likeItemsTask',
  'localRidgeTask',
  'nextItemTask',
  'drawRowsTask',
  'gramPartTask',
  'turnRowsTask',
  'solveRowsTask',
] as const satisfies readonly (keyof Kernels)[];

export type TaskKernel = (typeof taskKernels)[number];

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

const PAGE_BYTES = 65_536;

/** Most that one WebAssembly memory holds. */
export const MEMORY_BYTES_MAX = 4 * 1024 ** 3 - PAGE_BYTES;

/** With fused multiply-add, or for runtimes without relaxed SIMD: sums differ in their last bits. */
export type KernelVariant = 'relaxed' | 'plain';

const compiled = new Map<KernelVariant, WebAssembly.Module>();
let bestVariant: KernelVariant | undefined;

/** The compiled kernels, of the best variant that the runtime has unless told. Compiled once a thread. */
export function kernelsModule(variant = chooseVariant()): WebAssembly.Module {
  let module = compiled.get(variant);
  if (module === undefined) {
    module = new WebAssembly.Module(readFileSync(join(import.meta.dirname, `kernels-${variant}.wasm`)));
    compiled.set(variant, module);
  }
  return module;
}

function chooseVariant(): KernelVariant {
  bestVariant ??= WebAssembly.validate(relaxedProbe) ? 'relaxed' : 'plain';
  return bestVariant;
}

export function instantiateKernels(memory: WebAssembly.Memory, module = kernelsModule()): Kernels {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernels;
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
