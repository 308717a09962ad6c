import { instantiateKernels, Layout, takeMemory } from './load-kernels.ts';
import { Team, type ThreadPool } from './thread-pool.ts';

/** Rows and columns of a block; a multiple of 6 and 8. */
const BLOCK = 96;

/** Below this a round costs more than it brings. */
const THREADED_FROM = 768;

export interface SpdInverseOptions {
  /** Threads to share the work with; the caller's own alone when left out. */
  readonly pool?: ThreadPool | undefined;
  /** Kernels of the caller's thread; the pool has its own. */
  readonly module?: WebAssembly.Module | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A symmetric positive definite matrix to be inverted in place, by sweeping blocks of 96 pivots: each sweep is one product of a thin matrix, spread
 * over register tiles of 6 by 8 and over threads. n³ multiply-adds in f32, pivot blocks in f64; 4 n² bytes and a little.
 *
 * The sweep operator: Goodnight 1979. Results are the same bits whatever the threads.
 */
export class SpdInverse {
  readonly n: number;
  /** Values a row takes in {@link matrix}; at least n, a multiple of 96. */
  readonly stride: number;
  /** f32 row-major, shape (stride, stride). Fill the lower triangle of the first n rows and columns before {@link invert}; read the whole after it. */
  readonly matrix: Float32Array;
  readonly #memory: WebAssembly.Memory;
  readonly #at: Record<'matrix' | 'panel' | 'product' | 'columns' | 'rows' | 'pivots' | 'inverse' | 'packed', number>;

  /** @throws RangeError when the matrix needs more than one memory holds (n over about 32,000). */
  constructor(n: number) {
    this.n = n;
    this.stride = Math.max(BLOCK, Math.ceil(n / BLOCK) * BLOCK);
    const layout = new Layout();
    const thin = this.stride * BLOCK * 4;
    const small = BLOCK * BLOCK * 4;
    this.#at = {
      matrix: layout.take(this.stride ** 2 * 4),
      panel: layout.take(thin),
      product: layout.take(thin),
      columns: layout.take(thin),
      rows: layout.take(thin),
      pivots: layout.take(small * 2),
      inverse: layout.take(small),
      packed: layout.take(small),
    };
    this.#memory = takeMemory(layout.sizeBytes, `The inverse of a ${n} by ${n} matrix`);
    this.matrix = this.#f32(this.#at.matrix, this.stride ** 2);
  }

  /** @throws RangeError when the matrix is not positive definite; Error when a thread of the pool dies; the signal's reason when it aborts. */
  invert({ pool, module, signal }: SpdInverseOptions = {}): void {
    const { stride, matrix } = this;
    for (let row = this.n; row < stride; row++) matrix[row * stride + row] = 1;
    const kernels = instantiateKernels(this.#memory, module);
    const team = pool && stride >= THREADED_FROM ? pool.join(this.#memory, kernels) : new Team(this.#memory, kernels);
    try {
      for (let pivot = 0; pivot < stride; pivot += BLOCK) {
        signal?.throwIfAborted();
        this.#sweep(pivot, kernels, team);
      }
    } finally {
      team.dismiss();
    }
    this.#negateAndMirror();
  }

  #sweep(pivot: number, kernels: ReturnType<typeof instantiateKernels>, team: Team): void {
    const { stride } = this;
    const at = this.#at;
    this.#invertPivots(pivot, kernels);
    this.#movePanel(pivot, this.#f32(at.panel, stride * BLOCK), true);
    kernels.packColumns(at.panel, stride, BLOCK, stride, at.columns);
    kernels.packRows(at.inverse, BLOCK, BLOCK, BLOCK, at.packed);
    kernels.setProduct(at.product, stride, at.packed, at.columns, BLOCK, BLOCK, stride);
    kernels.packRows(at.product, stride, BLOCK, stride, at.rows);
    const [blocks, skipped] = [stride / BLOCK, pivot / BLOCK];
    team.run('triangleTask', blocks, { integers: [at.matrix, stride, at.rows, at.columns, BLOCK, blocks, skipped] });
    this.#movePanel(pivot, this.#f32(at.product, stride * BLOCK), false);
    const inverse = this.#f32(at.inverse, BLOCK * BLOCK);
    for (let row = 0; row < BLOCK; row++) {
      for (let column = 0; column < BLOCK; column++) {
        this.matrix[(pivot + row) * stride + pivot + column] = -inverse[row * BLOCK + column]!;
      }
    }
  }

  /** The pivot block's inverse, computed in f64. */
  #invertPivots(pivot: number, kernels: ReturnType<typeof instantiateKernels>): void {
    const { matrix, stride } = this;
    const block = new Float64Array(this.#memory.buffer, this.#at.pivots, BLOCK * BLOCK);
    for (let row = 0; row < BLOCK; row++) {
      for (let column = 0; column <= row; column++) {
        const value = matrix[(pivot + row) * stride + pivot + column]!;
        block[row * BLOCK + column] = value;
        block[column * BLOCK + row] = value;
      }
    }
    const failed = kernels.invertBlock(this.#at.pivots, BLOCK);
    if (failed >= 0)
      throw new RangeError(`The matrix is not positive definite: pivot ${pivot + failed} of ${this.n} is not above 0.`);
    this.#f32(this.#at.inverse, BLOCK * BLOCK).set(block);
  }

  /**
   * The pivots' row as a panel, shape (96, stride): left of the pivots it lies in the matrix as it is, below them it lies transposed. Reads
   * it from the matrix, with zeros in the pivots' place, or writes it back.
   */
  #movePanel(pivot: number, panel: Float32Array, read: boolean): void {
    const { matrix, stride } = this;
    for (let k = 0; k < BLOCK; k++) {
      const row = (pivot + k) * stride;
      if (read) panel.set(matrix.subarray(row, row + pivot), k * stride);
      else matrix.set(panel.subarray(k * stride, k * stride + pivot), row);
      if (read) panel.fill(0, k * stride + pivot, k * stride + pivot + BLOCK);
    }
    for (let below = pivot + BLOCK; below < stride; below++) {
      const cell = below * stride + pivot;
      if (read) for (let k = 0; k < BLOCK; k++) panel[k * stride + below] = matrix[cell + k]!;
      else for (let k = 0; k < BLOCK; k++) matrix[cell + k] = panel[k * stride + below]!;
    }
  }

  #negateAndMirror(): void {
    const { matrix, stride, n } = this;
    for (let row = 0; row < n; row++) {
      for (let column = 0; column <= row; column++) {
        const value = -matrix[row * stride + column]!;
        matrix[row * stride + column] = value;
        matrix[column * stride + row] = value;
      }
    }
  }

  #f32(address: number, length: number): Float32Array {
    return new Float32Array(this.#memory.buffer, address, length);
  }
}
