import { invertBlock } from './invert-block';
import { packTransposed } from './matrix-product';
import { address, integer } from './round';
import { COLUMNS, packColumns, packRows, setProduct, subtractLowerProduct, subtractProduct } from './tile-product';

/*
 * A sweep of `depth` pivots out of a symmetric matrix of `blocks` by `blocks` square blocks, whose lower triangle is kept: f32 row-major. The pivots' row is a
 * panel W, shape (depth, size): left of the pivots it lies in the matrix as it is, below them it lies transposed. With P⁻¹ the pivots' inverse, the matrix becomes
 * `A − Wᵀ P⁻¹ W`, and the panel `P⁻¹ W`.
 */

/**
 * What a round is told: the matrix and its stride; depth; blocks; the pivots' block; P⁻¹ in f32, then packed by rows; W packed by columns; P⁻¹ W, then packed by
 * rows; room for P in f64 and for a row of it, behind which the pivot that failed is told, i32, counted from 1.
 */
const MATRIX = 0, STRIDE = 1, DEPTH = 2, BLOCKS = 3, PIVOTS = 4;
const INVERSE = 5, PACKED_INVERSE = 6, PANEL = 7, PRODUCT = 8, PACKED_PRODUCT = 9, ROOM = 10;

/** Packs block `task` of W and multiplies it; the product replaces it in the matrix, and P⁻¹, its sign turned, the pivots. */
export function pivotPanelTask(task: i32): void {
  const stride = integer(STRIDE), depth = integer(DEPTH), pivots = integer(PIVOTS);
  const place = (<usize>task * <usize>depth * <usize>depth) << 2;
  const panel = address(PANEL) + place;
  const product = address(PRODUCT) + place;
  if (task == pivots) return writePivots(blockAt(pivots, pivots), stride, depth);
  const block = task < pivots ? blockAt(pivots, task) : blockAt(task, pivots);
  if (task < pivots) packColumns(block, stride, depth, depth, panel);
  else packTransposed(block, stride, depth, depth, panel, COLUMNS, COLUMNS);
  setProduct(product, depth, address(PACKED_INVERSE), panel, depth, depth, depth);
  packRows(product, depth, depth, depth, address(PACKED_PRODUCT) + place);
  if (task < pivots) copyBlock(product, block, stride, depth);
  else transposeBlock(product, depth, block, stride, depth);
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

function subtractBlocks(row: i32, first: i32, end: i32): void {
  const depth = integer(DEPTH);
  const blockBytes = (<usize>depth * <usize>depth) << 2;
  const left = address(PACKED_PRODUCT) + <usize>row * blockBytes;
  const right = address(PANEL) + <usize>first * blockBytes;
  subtractProduct(blockAt(row, first), integer(STRIDE), left, right, depth, depth, (end - first) * depth);
}

function subtractDiagonal(row: i32): void {
  const depth = integer(DEPTH);
  const place = (<usize>row * <usize>depth * <usize>depth) << 2;
  const left = address(PACKED_PRODUCT) + place;
  subtractLowerProduct(blockAt(row, row), integer(STRIDE), left, address(PANEL) + place, depth, depth);
}

/** In f64; P⁻¹ is then in f32, and packed. */
function invertPivots(pivots: i32): void {
  const depth = integer(DEPTH);
  const inverse = address(INVERSE), room = address(ROOM);
  const rowBytes = (<usize>depth) << 2;
  const work = room + (<usize>depth * rowBytes << 1);
  const cells = blockAt(pivots, pivots);
  for (let row = 0; row < depth; row++) {
    const from = cells + ((<usize>row * <usize>integer(STRIDE)) << 2);
    const to = room + (<usize>row * rowBytes << 1);
    for (let at: usize = 0; at <= (<usize>row) << 2; at += 4) store<f64>(to + (at << 1), load<f32>(from + at));
  }
  const failed = invertBlock(room, depth, work);
  if (failed >= 0) store<i32>(work + (rowBytes << 1), pivots * depth + failed + 1);
  for (let row = 0; row < depth; row++) {
    for (let column = 0; column <= row; column++) {
      const value = <f32>load<f64>(room + ((<usize>(row * depth + column)) << 3));
      store<f32>(inverse + ((<usize>(row * depth + column)) << 2), value);
      store<f32>(inverse + ((<usize>(column * depth + row)) << 2), value);
    }
  }
  packRows(inverse, depth, depth, depth, address(PACKED_INVERSE));
}

/** Turns the sign of the lower triangle's row block `blocks − 1 − task`, and writes its mirror image. */
export function mirrorTask(task: i32): void {
  const stride = integer(STRIDE), depth = integer(DEPTH);
  const row = integer(BLOCKS) - 1 - task;
  for (let column = 0; column <= row; column++) {
    const block = blockAt(row, column);
    for (let i = 0; i < depth; i++) {
      const cells = block + ((<usize>i * <usize>stride) << 2);
      for (let j: usize = 0; j < (<usize>depth) << 2; j += 16) v128.store(cells + j, f32x4.neg(v128.load(cells + j)));
    }
    if (column < row) transposeBlock(block, stride, blockAt(column, row), stride, depth);
    else mirrorBlock(block, stride, depth);
  }
}

// @ts-ignore: decorator
@inline
function blockAt(row: i32, column: i32): usize {
  const depth = <usize>integer(DEPTH);
  return address(MATRIX) + ((<usize>row * depth * <usize>integer(STRIDE) + <usize>column * depth) << 2);
}

function writePivots(block: usize, stride: i32, depth: i32): void {
  const inverse = address(INVERSE);
  for (let row = 0; row < depth; row++) {
    const from = inverse + ((<usize>(row * depth)) << 2);
    const to = block + ((<usize>row * <usize>stride) << 2);
    for (let at: usize = 0; at < (<usize>depth) << 2; at += 16) v128.store(to + at, f32x4.neg(v128.load(from + at)));
  }
}

function copyBlock(from: usize, to: usize, stride: i32, depth: i32): void {
  const rowBytes = (<usize>depth) << 2;
  for (let row = 0; row < depth; row++) {
    memory.copy(to, from, rowBytes);
    from += rowBytes;
    to += (<usize>stride) << 2;
  }
}

/** Four by four values at a time. */
function transposeBlock(from: usize, fromStride: i32, to: usize, toStride: i32, depth: i32): void {
  for (let row = 0; row < depth; row += 4) {
    for (let column = 0; column < depth; column += 4) {
      transposeFour(
        from + ((<usize>row * <usize>fromStride + <usize>column) << 2),
        (<usize>fromStride) << 2,
        to + ((<usize>column * <usize>toStride + <usize>row) << 2),
        (<usize>toStride) << 2,
      );
    }
  }
}

// @ts-ignore: decorator
@inline
function transposeFour(from: usize, fromBytes: usize, to: usize, toBytes: usize): void {
  const a = v128.load(from);
  const b = v128.load(from + fromBytes);
  const c = v128.load(from + 2 * fromBytes);
  const d = v128.load(from + 3 * fromBytes);
  const lowAb = i32x4.shuffle(a, b, 0, 4, 1, 5);
  const highAb = i32x4.shuffle(a, b, 2, 6, 3, 7);
  const lowCd = i32x4.shuffle(c, d, 0, 4, 1, 5);
  const highCd = i32x4.shuffle(c, d, 2, 6, 3, 7);
  v128.store(to, i64x2.shuffle(lowAb, lowCd, 0, 2));
  v128.store(to + toBytes, i64x2.shuffle(lowAb, lowCd, 1, 3));
  v128.store(to + 2 * toBytes, i64x2.shuffle(highAb, highCd, 0, 2));
  v128.store(to + 3 * toBytes, i64x2.shuffle(highAb, highCd, 1, 3));
}

/** The upper triangle of a block on the diagonal. */
function mirrorBlock(block: usize, stride: i32, depth: i32): void {
  for (let row = 1; row < depth; row++) {
    for (let column = 0; column < row; column++) {
      const value = load<f32>(block + ((<usize>row * <usize>stride + <usize>column) << 2));
      store<f32>(block + ((<usize>column * <usize>stride + <usize>row) << 2), value);
    }
  }
}
