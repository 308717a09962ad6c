import { ADD, COLUMNS, ROWS, SET, SUBTRACT, tile, wideTile } from './register-tile';
import { transposeBlock } from './transpose';

/** Below every column minus row: the whole product is wanted. */
export const NO_TRIANGLE: i32 = -(1 << 30);

/* `WIDE` is 1 in the kernels for joined vectors and 0 in others: see `build.ts`. */

/** Columns that rows are multiplied by in turn: packed they stay in a core's cache, and the target is walked along its rows. */
const CHUNK: i32 = 128;

/**
 * Packs `count` columns of a matrix given by its rows into tiles of 8 columns, shape (count / 8, depth, 8).
 *
 * @param source f32, shape (depth, stride), from its first column on.
 */
export function packColumns(source: usize, stride: i32, depth: i32, count: i32, packed: usize): void {
  for (let column = 0; column < count; column += COLUMNS) {
    for (let k = 0; k < depth; k++) {
      const from = source + ((<usize>(k * stride + column)) << 2);
      v128.store(packed, v128.load(from));
      v128.store(packed, v128.load(from, 16), 16);
      packed += 32;
    }
  }
}

/** The same in tiles of 6, shape (count / 6, depth, 6): the side whose values are splat. */
export function packRows(source: usize, stride: i32, depth: i32, count: i32, packed: usize): void {
  for (let row = 0; row < count; row += ROWS) {
    for (let k = 0; k < depth; k++) {
      const from = source + ((<usize>(k * stride + row)) << 2);
      v128.store(packed, v128.load(from));
      store<u64>(packed, load<u64>(from, 16), 16);
      packed += 24;
    }
  }
}

/** Packs `count` rows of a matrix, shape (count, depth), into tiles of `width`, of which `filled` are there and the rest zero. */
export function packTransposed(
  source: usize,
  stride: i32,
  depth: i32,
  count: i32,
  packed: usize,
  width: i32,
  filled: i32,
): void {
  const rowBytes = (<usize>stride) << 2;
  const tileBytes = (<usize>width) << 2;
  const fours = width == COLUMNS && filled == COLUMNS ? depth & ~3 : 0;
  for (let row = 0; row < count; row += width) {
    transposeBlock(source, stride, packed, width, width, fours);
    for (let lane = 0; lane < width; lane++) {
      let to = packed + ((<usize>lane) << 2) + <usize>fours * tileBytes;
      let from = source + <usize>lane * rowBytes + ((<usize>fours) << 2);
      for (let k = fours; k < depth; k++) {
        store<f32>(to, lane < filled ? load<f32>(from) : 0);
        from += 4;
        to += tileBytes;
      }
    }
    source += <usize>width * rowBytes;
    packed += <usize>depth * tileBytes;
  }
}

/** The last tile of columns that do not fill it. */
export function packPart(source: usize, stride: i32, depth: i32, filled: i32, packed: usize, width: i32): void {
  for (let k = 0; k < depth; k++) {
    for (let lane = 0; lane < width; lane++) {
      store<f32>(packed, lane < filled ? load<f32>(source + ((<usize>lane) << 2)) : 0);
      packed += 4;
    }
    source += (<usize>stride) << 2;
  }
}

/*
 * Aᵀ·B, shape (rowCount, columnCount): `a` is packed by rows and `b` by columns, both `depth` deep, tiles at the edges filled up with zeros. Tiles above the diagonal are
 * left out, where `below` is column minus row of the target's corner, else `NO_TRIANGLE`; those that the diagonal cuts are whole.
 */

/** `target = Aᵀ·B`. */
export function setProduct(
  target: usize,
  stride: i32,
  a: usize,
  b: usize,
  depth: i32,
  rowCount: i32,
  columnCount: i32,
  below: i32,
): void {
  multiply(target, stride, a, b, depth, rowCount, columnCount, below, SET);
}

/** `target += Aᵀ·B`. */
export function addProduct(
  target: usize,
  stride: i32,
  a: usize,
  b: usize,
  depth: i32,
  rowCount: i32,
  columnCount: i32,
  below: i32,
): void {
  multiply(target, stride, a, b, depth, rowCount, columnCount, below, ADD);
}

/** `target −= Aᵀ·B`. */
export function subtractProduct(
  target: usize,
  stride: i32,
  a: usize,
  b: usize,
  depth: i32,
  rowCount: i32,
  columnCount: i32,
  below: i32,
): void {
  multiply(target, stride, a, b, depth, rowCount, columnCount, below, SUBTRACT);
}

// @ts-ignore: decorator
@inline
function multiply(
  target: usize,
  stride: i32,
  a: usize,
  b: usize,
  depth: i32,
  rowCount: i32,
  columnCount: i32,
  below: i32,
  mode: i32,
): void {
  for (let chunk = 0; chunk < columnCount; chunk += CHUNK) {
    const chunkEnd = min(columnCount, chunk + CHUNK);
    for (let row = max(0, ((chunk + below) / ROWS) * ROWS); row < rowCount; row += ROWS) {
      const end = min(chunkEnd, row + ROWS - below);
      const left = a + ((<usize>row * <usize>depth) << 2);
      for (let column = chunk; column < end; column += COLUMNS) {
        const corner = target + ((<usize>row * <usize>stride + <usize>column) << 2);
        const right = b + ((<usize>column * <usize>depth) << 2);
        if (row + ROWS > rowCount || column + COLUMNS > columnCount) {
          edgeTile(corner, stride, left, right, depth, mode, rowCount - row, columnCount - column);
        } else if (WIDE && column + COLUMNS < end && column + 2 * COLUMNS <= columnCount) {
          wideTile(corner, stride, left, right, depth, mode);
          column += COLUMNS;
        } else tile(corner, stride, left, right, depth, mode, ROWS, COLUMNS);
      }
    }
  }
}

function edgeTile(
  target: usize,
  stride: i32,
  a: usize,
  b: usize,
  depth: i32,
  mode: i32,
  rows: i32,
  columns: i32,
): void {
  tile(target, stride, a, b, depth, mode, min(rows, ROWS), min(columns, COLUMNS));
}
