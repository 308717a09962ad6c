import type { Team } from './thread-pool.ts';

/** A side of a product, in the memory of who multiplies. */
export interface ProductSide {
  /** Where it begins, bytes: a multiple of 4. */
  readonly at: number;
  /** Values from one row to the next. */
  readonly stride: number;
}

export interface ProductShape {
  /** Of the target. */
  readonly rowCount: number;
  readonly columnCount: number;
  /** Products summed for each value of the target. */
  readonly depth: number;
}

export interface Product extends ProductShape {
  /** `left · right`, `left · rightᵀ` or `leftᵀ · right`: which side is transposed as it lies in memory. */
  readonly transposed?: 'left' | 'right';
  readonly left: ProductSide;
  readonly right: ProductSide;
  readonly target: ProductSide;
  /** Adds the product to the target, rather than writing it there. */
  readonly adds?: boolean;
}

/** Rows, columns and depth of what is packed at a time: some 10 MB, shared by all threads. */
const ROWS_MAX = 3_072;
const COLUMNS_MAX = 4_096;
const DEPTH_MAX = 384;

/** Rows and columns of a task: as in `assembly/matrix-product.ts`. */
const TASK_ROWS = 96;
const TASK_COLUMNS = 256;

/** Below every column minus row. */
const NO_TRIANGLE = -(2 ** 30);

/**
 * Products of f32 matrices that lie row-major in a team's memory: packed into register tiles of 6 by 8 by one round, multiplied by the next, a block of the
 * depth at a time. The same bits whatever the threads. 2 · rowCount · columnCount · depth operations, some 45 billion a second for each thread,
 * twice that in registers of 256 bits.
 *
 * Source: Goto & van de Geijn 2008.
 */
export class MatrixProduct {
  readonly #team: Team;
  readonly #leftAt: number;
  readonly #rightAt: number;

  /** @param roomAt address of {@link roomBytes} bytes of the team's memory, for products of that shape or smaller ones. */
  constructor(team: Team, roomAt: number, shape: ProductShape) {
    this.#team = team;
    this.#leftAt = roomAt;
    this.#rightAt = roomAt + leftBytes(shape);
  }

  static roomBytes(shape: ProductShape): number {
    return leftBytes(shape) + packedBytes(shape.columnCount, COLUMNS_MAX, shape.depth);
  }

  /** Writes the product to the target, which is neither side, or adds it. */
  multiply(product: Product): void {
    this.#multiply(product, false);
  }

  /**
   * `target = matrixᵀ · matrix` of a matrix of shape (rowCount, columnCount); half the work of a product.
   *
   * @param target f32 in `buffer`, shape (columnCount, columnCount).
   */
  gram({ buffer, matrix, target, rowCount, columnCount }: GramProduct): void {
    const shape = { rowCount: columnCount, columnCount, depth: rowCount };
    this.#multiply({ ...shape, transposed: 'left', left: matrix, right: matrix, target }, true);
    const { stride } = target;
    const values = new Float32Array(
      buffer,
      target.at,
      columnCount === 0 ? 0 : (columnCount - 1) * stride + columnCount,
    );
    for (let row = 1; row < columnCount; row++) {
      for (let column = 0; column < row; column++) values[column * stride + row] = values[row * stride + column]!;
    }
  }

  #multiply(product: Product, isTriangle: boolean): void {
    const { rowCount, columnCount, depth } = product;
    for (let column = 0; column < columnCount; column += COLUMNS_MAX) {
      for (let row = 0; row < rowCount; row += ROWS_MAX) {
        const rows = Math.min(ROWS_MAX, rowCount - row);
        const columns = Math.min(COLUMNS_MAX, columnCount - column);
        if (isTriangle && column >= row + rows) continue;
        for (let from = 0; from < Math.max(1, depth); from += DEPTH_MAX) {
          const part = { row, column, rows, columns, from, depth: Math.min(DEPTH_MAX, depth - from) };
          this.#pack(product, part);
          this.#multiplyPacked(product, part, isTriangle);
        }
      }
    }
  }

  #pack({ left, right, transposed }: Product, { row, column, rows, columns, from, depth }: Part): void {
    const leftTasks = Math.ceil(rows / TASK_ROWS);
    const leftAlongRows = transposed !== 'left';
    const rightAlongRows = transposed === 'right';
    const packing = [
      [addressOf(left, row, from, leftAlongRows), left.stride, Number(leftAlongRows), rows, this.#leftAt],
      [addressOf(right, column, from, rightAlongRows), right.stride, Number(rightAlongRows), columns, this.#rightAt],
      [depth, leftTasks],
    ];
    this.#team.run('packPanelTask', leftTasks + Math.ceil(columns / TASK_ROWS), { integers: packing.flat() });
  }

  #multiplyPacked(
    { target, adds }: Product,
    { row, column, rows, columns, from, depth }: Part,
    isTriangle: boolean,
  ): void {
    const corner = addressOf(target, row, column, true);
    const below = isTriangle ? column - row : NO_TRIANGLE;
    const integers = [
      corner,
      target.stride,
      this.#leftAt,
      this.#rightAt,
      depth,
      rows,
      columns,
      Number(adds || from > 0),
      below,
    ];
    const taskCount = Math.ceil(rows / TASK_ROWS) * Math.ceil(columns / TASK_COLUMNS);
    this.#team.run('productTask', taskCount, { integers });
  }
}

export interface GramProduct {
  /** The memory's bytes. */
  readonly buffer: ArrayBufferLike;
  readonly matrix: ProductSide;
  readonly target: ProductSide;
  readonly rowCount: number;
  readonly columnCount: number;
}

/** A block of the target, and the part of its depth that is summed next. */
interface Part {
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
  readonly from: number;
  readonly depth: number;
}

function addressOf({ at, stride }: ProductSide, first: number, from: number, alongRows: boolean): number {
  return at + 4 * (alongRows ? first * stride + from : from * stride + first);
}

function leftBytes({ rowCount, depth }: ProductShape): number {
  return packedBytes(rowCount, ROWS_MAX, depth);
}

/** Bytes of rows or columns filled up to what both 6 and 8 divide. */
function packedBytes(count: number, countMax: number, depth: number): number {
  return Math.ceil(Math.min(count, countMax) / 24) * 24 * Math.min(depth, DEPTH_MAX) * 4;
}
