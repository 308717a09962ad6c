import { invertBlock } from './invert-block';
import { COLUMNS } from './register-tile';
import { address, integer } from './round';
import { NO_TRIANGLE, packColumns, packRows, packTransposed, setProduct, subtractProduct } from './tile-product';
import { transposeBlock } from './transpose';

/*
 * A sweep of a block of pivots out of a symmetric matrix of square blocks, whose lower triangle is kept: f32 row-major. All blocks have `depth` rows and columns but
 * the last, which may have fewer. The pivots' row is a panel W, shape (rows of the pivots, size): left of the pivots it lies in the matrix as it is, below them it
 * lies transposed. With P⁻¹ the pivots' inverse, the matrix becomes `A − Wᵀ P⁻¹ W`, and the panel `P⁻¹ W`.
 */

/**
 * What a round is told: the matrix and its stride; depth; blocks; rows of the last; the pivots' block; P⁻¹ in f32, then packed by rows; W packed by columns; P⁻¹ W,
 * then packed by rows; room for P in f64 and for a row of it; where the pivot that failed is told, i32, counted from 1.
 */
const MATRIX = 0, STRIDE = 1, DEPTH = 2, BLOCKS = 3, LAST = 4, PIVOTS = 5;
const INVERSE = 6, PACKED_INVERSE = 7, PANEL = 8, PRODUCT = 9, PACKED_PRODUCT = 10, ROOM = 11, FAILED = 12;

/** Packs block `task` of W and multiplies it; the product replaces it in the matrix, and P⁻¹, its sign turned, the pivots. */
export function pivotPanelTask(task: i32): void {
  const stride = integer(STRIDE), depth = integer(DEPTH), pivots = integer(PIVOTS);
  const pivotRows = rowsOf(pivots), rows = rowsOf(task);
  if (task == pivots) return writePivots(blockAt(pivots, pivots), stride, pivotRows);
  const block = task < pivots ? blockAt(pivots, task) : blockAt(task, pivots);
  const panel = address(PANEL) + packedAt(task);
  const packed = address(PACKED_PRODUCT) + packedAt(task);
  const inverse = address(PACKED_INVERSE);
  if (task < pivots) {
    packColumns(block, stride, pivotRows, rows, panel);
    setProduct(block, stride, inverse, panel, pivotRows, pivotRows, rows, NO_TRIANGLE);
    packRows(block, stride, pivotRows, rows, packed);
    return;
  }
  packTransposed(block, stride, pivotRows, rows, panel, COLUMNS, COLUMNS);
  const product = address(PRODUCT) + ((<usize>task * <usize>depth * <usize>depth) << 2);
  setProduct(product, depth, inverse, panel, pivotRows, pivotRows, rows, NO_TRIANGLE);
  packRows(product, depth, pivotRows, rows, packed);
  transposeBlock(product, depth, block, stride, pivotRows, rows);
}

/**
 * Task 0 updates the next pivots, and inverts them while the others are at work; pivots −1 are before the first, and update nothing. Task t updates the row block
 * `blocks − t`, so that the longest come first, but for the pivots' row and column.
 */
export function triangleTask(task: i32): void {
  const pivots = integer(PIVOTS);
  const next = pivots + 1;
  if (task == 0) {
    if (next == integer(BLOCKS)) return;
    if (pivots >= 0) subtractDiagonal(next);
    invertPivots(next);
    return;
  }
  const row = integer(BLOCKS) - task;
  if (row == pivots) return;
  subtractBlocks(row, 0, min(row, pivots));
  if (row > pivots) subtractBlocks(row, next, row);
  if (row != next) subtractDiagonal(row);
}

/** Those left of the diagonal's block are whole. */
function subtractBlocks(row: i32, first: i32, end: i32): void {
  const left = address(PACKED_PRODUCT) + packedAt(row);
  const right = address(PANEL) + packedAt(first);
  const columns = (end - first) * integer(DEPTH);
  subtractProduct(blockAt(row, first), integer(STRIDE), left, right, rowsOf(integer(PIVOTS)), rowsOf(row), columns, NO_TRIANGLE);
}

function subtractDiagonal(row: i32): void {
  const left = address(PACKED_PRODUCT) + packedAt(row);
  const right = address(PANEL) + packedAt(row);
  subtractProduct(blockAt(row, row), integer(STRIDE), left, right, rowsOf(integer(PIVOTS)), rowsOf(row), rowsOf(row), 0);
}

/** In f64; P⁻¹ is then in f32, and packed. */
function invertPivots(pivots: i32): void {
  const size = rowsOf(pivots);
  const inverse = address(INVERSE), room = address(ROOM);
  const rowBytes = (<usize>size) << 2;
  const cells = blockAt(pivots, pivots);
  for (let row = 0; row < size; row++) {
    const from = cells + ((<usize>row * <usize>integer(STRIDE)) << 2);
    const to = room + (<usize>row * rowBytes << 1);
    for (let at: usize = 0; at <= (<usize>row) << 2; at += 4) store<f64>(to + (at << 1), load<f32>(from + at));
  }
  const failed = invertBlock(room, size, room + (<usize>size * rowBytes << 1));
  if (failed >= 0) store<i32>(address(FAILED), pivots * integer(DEPTH) + failed + 1);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      const value = <f32>load<f64>(room + ((<usize>(row * size + column)) << 3));
      store<f32>(inverse + ((<usize>(row * size + column)) << 2), value);
      store<f32>(inverse + ((<usize>(column * size + row)) << 2), value);
    }
  }
  packRows(inverse, size, size, size, address(PACKED_INVERSE));
}

/** Turns the sign of the lower triangle's row block `blocks − 1 − task`, and writes its mirror image. */
export function mirrorTask(task: i32): void {
  const stride = integer(STRIDE), depth = integer(DEPTH);
  const row = integer(BLOCKS) - 1 - task;
  const rows = rowsOf(row);
  for (let column = 0; column <= row; column++) {
    const block = blockAt(row, column);
    const rowBytes = (<usize>rowsOf(column)) << 2;
    for (let i = 0; i < rows; i++) {
      const cells = block + ((<usize>i * <usize>stride) << 2);
      for (let j: usize = 0; j < rowBytes; j += 16) v128.store(cells + j, f32x4.neg(v128.load(cells + j)));
    }
    if (column < row) transposeBlock(block, stride, blockAt(column, row), stride, rows, depth);
    else mirrorBlock(block, stride, rows);
  }
}

// @ts-ignore: decorator
@inline
function rowsOf(block: i32): i32 {
  return block == integer(BLOCKS) - 1 ? integer(LAST) : integer(DEPTH);
}

// @ts-ignore: decorator
@inline
function blockAt(row: i32, column: i32): usize {
  const depth = <usize>integer(DEPTH);
  return address(MATRIX) + ((<usize>row * depth * <usize>integer(STRIDE) + <usize>column * depth) << 2);
}

/** Bytes before a block of the panel, packed. */
// @ts-ignore: decorator
@inline
function packedAt(block: i32): usize {
  return (<usize>block * <usize>integer(DEPTH) * <usize>rowsOf(integer(PIVOTS))) << 2;
}

function writePivots(block: usize, stride: i32, size: i32): void {
  const inverse = address(INVERSE);
  for (let row = 0; row < size; row++) {
    const from = inverse + ((<usize>(row * size)) << 2);
    const to = block + ((<usize>row * <usize>stride) << 2);
    for (let at: usize = 0; at < (<usize>size) << 2; at += 16) v128.store(to + at, f32x4.neg(v128.load(from + at)));
  }
}

/** The upper triangle of a block on the diagonal. */
function mirrorBlock(block: usize, stride: i32, size: i32): void {
  for (let row = 1; row < size; row++) {
    for (let column = 0; column < row; column++) {
      const value = load<f32>(block + ((<usize>row * <usize>stride + <usize>column) << 2));
      store<f32>(block + ((<usize>column * <usize>stride + <usize>row) << 2), value);
    }
  }
}
