import { instantiateKernels, Layout, MEMORY_BYTES_MAX, takeMemory } from './load-kernels.ts';
import { MatrixProduct } from './matrix-product.ts';
import { SpdInverse, type SpdInverseOptions } from './spd-inverse.ts';
import { Team } from './thread-pool.ts';

/** Rows of a tile: the more, the fewer times the whole matrix is copied into the memory worked in. */
const TILE_ROWS_MAX = 1_024;

export interface TakeSpdInverseOptions {
  /** Most that one memory may take, bytes; what one WebAssembly memory holds unless said. */
  readonly memoryBytesMax?: number;
  readonly tileRowsMax?: number;
  /** Most that all may take, bytes; what is free unless said. */
  readonly totalBytesMax?: number;
}

/**
 * Takes room for an n by n matrix to be inverted: in one memory where that holds it, else in tiles.
 *
 * @throws RangeError naming the bytes when not all that is free would hold it.
 */
export function takeSpdInverse(
  n: number,
  { memoryBytesMax = MEMORY_BYTES_MAX, ...options }: TakeSpdInverseOptions = {},
): SpdInverse | TiledSpdInverse {
  return SpdInverse.sizeBytes(n) <= memoryBytesMax ? new SpdInverse(n) : new TiledSpdInverse(n, options);
}

/**
 * A symmetric positive definite matrix too large for one WebAssembly memory, to be inverted in place: its lower triangle lies in ordinary memory, in strips of
 * some 1,000 rows, and each strip is copied into the memory of the threads to be worked on. Sweeps as {@link SpdInverse} does, a strip of pivots at a time: n³ / 2
 * multiply-adds in f32; 2 n² bytes, and some 13,000 n to work in. A fifth slower than one memory, where that would hold it.
 *
 * Results are the same bits whatever the threads.
 */
export class TiledSpdInverse {
  readonly n: number;
  readonly #tileRows: number;
  /** Strip s has the columns up to the diagonal's tile: f32 row-major, shape (tileRows, (s + 1) · tileRows). */
  readonly #strips: readonly Float32Array[];
  readonly #pivots: SpdInverse;
  readonly #memory: WebAssembly.Memory;
  /** `panel` and `product` have tileRows columns and all rows; `negated` is the pivots' inverse, its sign turned. */
  readonly #at: Record<'panel' | 'product' | 'negated' | 'strip' | 'room', number>;

  /** @throws RangeError naming the bytes when they are more than there may be. */
  constructor(
    n: number,
    {
      tileRowsMax = TILE_ROWS_MAX,
      totalBytesMax = process.availableMemory(),
    }: Omit<TakeSpdInverseOptions, 'memoryBytesMax'> = {},
  ) {
    const stripCount = Math.max(1, Math.ceil(n / tileRowsMax));
    const tileRows = Math.max(1, Math.ceil(n / stripCount));
    const rowCount = stripCount * tileRows;
    const layout = new Layout();
    const thin = rowCount * tileRows * 4;
    const largest = { rowCount, columnCount: rowCount, depth: tileRows };
    this.#at = {
      panel: layout.take(thin),
      product: layout.take(thin),
      negated: layout.take(tileRows ** 2 * 4),
      strip: layout.take(thin),
      room: layout.take(MatrixProduct.roomBytes(largest)),
    };
    const purpose = `The inverse of a ${n} by ${n} matrix`;
    checkFree(layout.sizeBytes + ((stripCount + 1) / 2) * thin + SpdInverse.sizeBytes(tileRows), {
      purpose,
      totalBytesMax,
    });
    this.#memory = takeMemory(layout.sizeBytes, purpose);
    this.#pivots = new SpdInverse(tileRows);
    this.#strips = Array.from({ length: stripCount }, (_, s) => new Float32Array((s + 1) * tileRows ** 2));
    [this.n, this.#tileRows] = [n, tileRows];
    for (let row = n; row < rowCount; row++) this.lowerRow(row)[row] = 1;
  }

  /** The part of a row up to the diagonal, f32, shape (row + 1); to be filled before {@link invert}. */
  lowerRow(row: number): Float32Array {
    const { strip, from } = this.#placeOf(row);
    return strip.subarray(from, from + row + 1);
  }

  /** Copies a row of the inverse. @param target f32, shape (n). */
  readRow(row: number, target: Float32Array): void {
    target.set(this.lowerRow(row));
    const tileRows = this.#tileRows;
    for (let s = Math.floor(row / tileRows); s < this.#strips.length; s++) {
      const strip = this.#strips[s]!;
      const width = (s + 1) * tileRows;
      const end = Math.min(this.n, width);
      for (let other = Math.max(row + 1, s * tileRows); other < end; other++)
        target[other] = strip[(other - s * tileRows) * width + row]!;
    }
  }

  /** @throws RangeError when the matrix is not positive definite; Error when a thread of the pool dies; the signal's reason when it aborts. */
  invert(options: SpdInverseOptions = {}): void {
    const { pool, compiled } = options;
    const kernels = instantiateKernels(this.#memory, compiled);
    for (let s = 0; s < this.#strips.length; s++) {
      this.#invertPivots(s, options);
      this.#readPanel(s);
      const team = pool ? pool.join(this.#memory, kernels) : new Team(this.#memory, kernels);
      try {
        this.#sweep(s, team, options.signal);
      } finally {
        team.dismiss();
      }
      this.#writePanel(s);
    }
    for (const strip of this.#strips) for (let at = 0; at < strip.length; at++) strip[at] = -strip[at]!;
  }

  /** Where a row begins. */
  #placeOf(row: number): { strip: Float32Array; from: number } {
    const s = Math.floor(row / this.#tileRows);
    return { strip: this.#strips[s]!, from: (row - s * this.#tileRows) * (s + 1) * this.#tileRows };
  }

  /** Writes `negated`. */
  #invertPivots(s: number, options: SpdInverseOptions): void {
    const tileRows = this.#tileRows;
    const first = s * tileRows;
    for (let row = 0; row < tileRows; row++) this.#pivots.lowerRow(row).set(this.lowerRow(first + row).subarray(first));
    try {
      this.#pivots.invert(options);
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      const pivots = `one of the pivots ${first} to ${first + tileRows - 1} of ${this.n} is not above 0`;
      throw new RangeError(`The matrix is not positive definite: ${pivots}.`, { cause });
    }
    const negated = this.#f32('negated', tileRows ** 2);
    for (let row = 0; row < tileRows; row++)
      this.#pivots.readRow(row, negated.subarray(row * tileRows, (row + 1) * tileRows));
    for (let at = 0; at < negated.length; at++) negated[at] = -negated[at]!;
  }

  /** The pivots' columns of all rows, those of their own 0. */
  #readPanel(s: number): void {
    const tileRows = this.#tileRows;
    const first = s * tileRows;
    const panel = this.#f32('panel', this.#rowCount * tileRows).fill(0);
    const own = this.#strips[s]!;
    const width = first + tileRows;
    for (let row = 0; row < first; row++) {
      for (let k = 0; k < tileRows; k++) panel[row * tileRows + k] = own[k * width + row]!;
    }
    for (let row = width; row < this.#rowCount; row++)
      panel.set(this.lowerRow(row).subarray(first, width), row * tileRows);
  }

  /** `A −= W P⁻¹ Wᵀ` for a panel W of pivots P, strip by strip. */
  #sweep(pivots: number, team: Team, signal: AbortSignal | undefined): void {
    const tileRows = this.#tileRows;
    const rowCount = this.#rowCount;
    const at = this.#at;
    const multiplier = new MatrixProduct(team, at.room, { rowCount, columnCount: rowCount, depth: tileRows });
    const [panel, negated] = [at.panel, at.negated].map((from) => ({ at: from, stride: tileRows }));
    const square = { rowCount, columnCount: tileRows, depth: tileRows };
    const product = { at: at.product, stride: tileRows };
    multiplier.multiply({ ...square, left: panel!, right: negated!, target: product });
    for (const [s, strip] of this.#strips.entries()) {
      signal?.throwIfAborted();
      if (s === pivots) continue;
      const shape = { rowCount: tileRows, columnCount: (s + 1) * tileRows, depth: tileRows };
      const left = { at: at.product + s * tileRows ** 2 * 4, stride: tileRows };
      const target = { at: at.strip, stride: shape.columnCount };
      const worked = this.#f32('strip', strip.length);
      worked.set(strip);
      multiplier.multiply({ ...shape, transposed: 'right', left, right: panel!, target, adds: true });
      strip.set(worked);
    }
  }

  /** Puts `P⁻¹ W` in the panel's place, and −P⁻¹ in the pivots'. */
  #writePanel(s: number): void {
    const tileRows = this.#tileRows;
    const first = s * tileRows;
    const width = first + tileRows;
    const product = this.#f32('product', this.#rowCount * tileRows);
    const own = this.#strips[s]!;
    for (let row = 0; row < first; row++) {
      for (let k = 0; k < tileRows; k++) own[k * width + row] = -product[row * tileRows + k]!;
    }
    const negated = this.#f32('negated', tileRows ** 2);
    for (let k = 0; k < tileRows; k++) own.set(negated.subarray(k * tileRows, (k + 1) * tileRows), k * width + first);
    for (let row = width; row < this.#rowCount; row++) {
      const cells = this.lowerRow(row).subarray(first, width);
      for (let k = 0; k < tileRows; k++) cells[k] = -product[row * tileRows + k]!;
    }
  }

  get #rowCount(): number {
    return this.#strips.length * this.#tileRows;
  }

  #f32(name: 'panel' | 'product' | 'negated' | 'strip', length: number): Float32Array {
    return new Float32Array(this.#memory.buffer, this.#at[name], length);
  }
}

function checkFree(sizeBytes: number, { purpose, totalBytesMax }: { purpose: string; totalBytesMax: number }): void {
  if (sizeBytes <= totalBytesMax) return;
  const [needed, free] = [sizeBytes, totalBytesMax].map((bytes) => `${(bytes / 1024 ** 3).toFixed(2)} GiB`);
  throw new RangeError(`${purpose} would take ${needed} in tiles; ${free} are free.`);
}
