import type { CompiledKernels } from './compiled-kernels.ts';
import { instantiateKernels, Layout, takeMemory } from './load-kernels.ts';
import { Team, type ThreadPool } from './thread-pool.ts';

/** What register tiles of 6 by 8 divide. */
const TILE = 24;

/** Rows and columns of a block, multiples of a tile's: the larger brings fewer passes over a matrix that no cache holds. */
const [BLOCK, LARGE_BLOCK, LARGE_FROM] = [96, 192, 4_608];

/** Below this a round costs more than it brings. */
const THREADED_FROM = 768;

export interface SpdInverseOptions {
  /** Threads to share the work with; the caller's own alone when left out. */
  readonly pool?: ThreadPool | undefined;
  /** Kernels of the caller's thread; the pool has its own. */
  readonly compiled?: CompiledKernels | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A symmetric positive definite matrix to be inverted in place, by sweeping blocks of pivots: each sweep is one product of a thin matrix, spread over register
 * tiles of 6 by 8 and over threads. n³ / 2 multiply-adds in f32, pivot blocks in f64; 4 n² bytes and a little.
 *
 * The sweep operator: Goodnight 1979. Results are the same bits whatever the threads.
 */
export class SpdInverse {
  readonly n: number;
  /** Values a row takes in {@link matrix}, more than n: an odd number of cache lines, so that the rows of a block share the cache. */
  readonly stride: number;
  /** f32 row-major, shape (at least n, stride). Fill the lower triangle of the first n rows and columns before {@link invert}; read these after it. */
  readonly matrix: Float32Array;
  readonly #layout: ReturnType<typeof layOut>;
  readonly #memory: WebAssembly.Memory;
  /** The pivot that is not above 0, counted from 1; 0 where there is none. */
  readonly #failed: Int32Array;

  /** @throws RangeError when the matrix needs more than one memory holds (n over about 32,000). */
  constructor(n: number) {
    const layout = layOut(n);
    const { rowCount, stride, at, sizeBytes } = layout;
    this.n = n;
    this.stride = stride;
    this.#layout = layout;
    this.#memory = takeMemory(sizeBytes, `The inverse of a ${n} by ${n} matrix`);
    this.#failed = new Int32Array(this.#memory.buffer, at.failed, 1);
    this.matrix = new Float32Array(this.#memory.buffer, at.matrix, rowCount * stride);
  }

  /** Bytes of memory that an n by n matrix takes. */
  static sizeBytes(n: number): number {
    return layOut(n).sizeBytes;
  }

  /** The part of a row up to the diagonal, f32, shape (row + 1); to be filled before {@link invert}. */
  lowerRow(row: number): Float32Array {
    return this.matrix.subarray(row * this.stride, row * this.stride + row + 1);
  }

  /** Copies a row of the inverse. @param target f32, shape (n). */
  readRow(row: number, target: Float32Array): void {
    target.set(this.matrix.subarray(row * this.stride, row * this.stride + this.n));
  }

  /** @throws RangeError when the matrix is not positive definite; Error when a thread of the pool dies; the signal's reason when it aborts. */
  invert({ pool, compiled, signal }: SpdInverseOptions = {}): void {
    const { blocks, rowCount } = this.#layout;
    for (let row = this.n; row < rowCount; row++) this.matrix[row * this.stride + row] = 1;
    this.#failed[0] = 0;
    const kernels = instantiateKernels(this.#memory, compiled);
    const team = pool && this.n >= THREADED_FROM ? pool.join(this.#memory, kernels) : new Team(this.#memory, kernels);
    try {
      team.runAlone('triangleTask', 1, { integers: this.#roundNumbers(-1) });
      for (let pivots = 0; pivots < blocks; pivots++) {
        signal?.throwIfAborted();
        this.#checkPivots();
        const integers = this.#roundNumbers(pivots);
        team.run('pivotPanelTask', blocks, { integers });
        team.run('triangleTask', blocks + 1, { integers });
      }
      team.run('mirrorTask', blocks, { integers: this.#roundNumbers(0) });
    } finally {
      team.dismiss();
    }
  }

  /** As `assembly/spd-inverse.ts` wants them. */
  #roundNumbers(pivots: number): number[] {
    const { at, stride, depth, blocks, lastRows } = this.#layout;
    const shape = [at.matrix, stride, depth, blocks, lastRows, pivots];
    return [...shape, at.inverse, at.packed, at.panel, at.product, at.rows, at.room, at.failed];
  }

  #checkPivots(): void {
    const [failed] = this.#failed;
    if (failed === 0) return;
    throw new RangeError(`The matrix is not positive definite: pivot ${failed! - 1} of ${this.n} is not above 0.`);
  }
}

/** Where all that an inverse needs lies in its memory. */
function layOut(n: number) {
  const depth = n < LARGE_FROM ? BLOCK : LARGE_BLOCK;
  const rowCount = Math.max(1, Math.ceil(n / TILE)) * TILE;
  const blocks = Math.ceil(rowCount / depth);
  const lastRows = rowCount - (blocks - 1) * depth;
  const stride = (2 * Math.ceil(rowCount / 32) + 1) * 16;
  const thin = blocks * depth ** 2 * 4;
  const small = depth ** 2 * 4;
  const layout = new Layout();
  const at = {
    matrix: layout.take(rowCount * stride * 4),
    panel: layout.take(thin),
    product: layout.take(thin),
    rows: layout.take(thin),
    room: layout.take(2 * small + depth * 8),
    failed: layout.take(4),
    inverse: layout.take(small),
    packed: layout.take(small),
  };
  return { rowCount, stride, depth, blocks, lastRows, at, sizeBytes: layout.sizeBytes };
}
