import { multiplyAdd } from './multiply-add';
import { COLUMNS, ROWS, SUBTRACT, tile } from './register-tile';

/*
 * A symmetric positive definite system of `size` unknowns, a multiple of 24: the upper triangle of its matrix, then its right side, as tiles of
 * 8 columns, shape (size / 8 + 1, size, 8). The right side is the first column of the last tile.
 */

/** A square of 6 by 6 on the diagonal, and the reciprocals of its factor's diagonal, f32. */
const SQUARE_BYTES: usize = (ROWS * ROWS + ROWS) << 2;

/** Bytes of work space beside a system. */
export function choleskyRoomBytes(size: i32): usize {
  return SQUARE_BYTES + ((<usize>(size * ROWS)) << 2);
}

/**
 * Solves a system in place by Cholesky, A = UᵀU, six rows at a time: their sums over all rows above are register tiles in f32. About size³ / 6 multiply-adds.
 *
 * @param room     work space of `choleskyRoomBytes(size)`.
 * @param solution f32, shape (size).
 * @returns the first pivot that is not positive, or −1.
 */
export function solveSystem(system: usize, size: i32, room: usize, solution: usize): i32 {
  const above = room + SQUARE_BYTES;
  for (let row = 0; row < size; row += ROWS) {
    packAbove(system, size, row, above);
    const firstTile = row / COLUMNS;
    for (let at = firstTile; at <= size / COLUMNS; at++) {
      const column = tileAt(system, size, at);
      tile(column + ((<usize>row) << 5), COLUMNS, above, column, row, SUBTRACT, ROWS, COLUMNS);
      if (at == (row + ROWS - 1) / COLUMNS) {
        const failed = factorSquare(system, size, row, room);
        if (failed >= 0) return row + failed;
        if (at > firstTile) eliminate(tileAt(system, size, firstTile) + ((<usize>row) << 5), room);
      }
      if (at >= (row + ROWS - 1) / COLUMNS) eliminate(column + ((<usize>row) << 5), room);
    }
  }
  substitute(system, size, solution);
  return -1;
}

// @ts-ignore: decorator
@inline
function tileAt(system: usize, size: i32, at: i32): usize {
  return system + ((<usize>at * <usize>size) << 5);
}

// @ts-ignore: decorator
@inline
function cellAt(system: usize, size: i32, row: i32, column: i32): usize {
  return tileAt(system, size, column >> 3) + ((<usize>row) << 5) + ((<usize>(column & 7)) << 2);
}

/** Packs what lies above six rows' own columns, shape (row, 6). */
function packAbove(system: usize, size: i32, row: i32, packed: usize): void {
  for (let lane = 0; lane < ROWS; lane++) {
    let from = cellAt(system, size, 0, row + lane);
    let to = packed + ((<usize>lane) << 2);
    for (let k = 0; k < row; k++) {
      store<f32>(to, load<f32>(from));
      from += 32;
      to += 24;
    }
  }
}

/** Factors the square on the diagonal into `room`, in f64: its upper triangle row-major, shape (6, 6), then its diagonal's reciprocals. */
function factorSquare(system: usize, size: i32, row: i32, room: usize): i32 {
  for (let i = 0; i < ROWS; i++) {
    let pivot = <f64>load<f32>(cellAt(system, size, row + i, row + i));
    for (let k = 0; k < i; k++) pivot -= factor(room, k, i) * factor(room, k, i);
    if (!(pivot > 0)) return i;
    const diagonal = sqrt(pivot);
    store<f32>(squareAt(room, i, i), <f32>diagonal);
    store<f32>(squareAt(room, ROWS, i), <f32>(1 / diagonal));
    for (let j = i + 1; j < ROWS; j++) {
      let value = <f64>load<f32>(cellAt(system, size, row + i, row + j));
      for (let k = 0; k < i; k++) value -= factor(room, k, i) * factor(room, k, j);
      store<f32>(squareAt(room, i, j), <f32>(value / diagonal));
    }
  }
  return -1;
}

// @ts-ignore: decorator
@inline
function squareAt(room: usize, i: i32, j: i32): usize {
  return room + ((<usize>(i * ROWS + j)) << 2);
}

// @ts-ignore: decorator
@inline
function factor(room: usize, i: i32, j: i32): f64 {
  return <f64>load<f32>(squareAt(room, i, j));
}

/** Six rows of a tile, solved for the factor's square: `xᵢ = (aᵢ − Σ_{k<i} u_ki xₖ) / u_ii`. */
function eliminate(rows: usize, room: usize): void {
  for (let i = 0; i < ROWS; i++) {
    const at = rows + ((<usize>i) << 5);
    let low = v128.load(at);
    let high = v128.load(at, 16);
    for (let k = 0; k < i; k++) {
      const weight = f32x4.splat(-load<f32>(squareAt(room, k, i)));
      const above = rows + ((<usize>k) << 5);
      low = multiplyAdd(weight, v128.load(above), low);
      high = multiplyAdd(weight, v128.load(above, 16), high);
    }
    const reciprocal = v128.load32_splat(squareAt(room, ROWS, i));
    v128.store(at, f32x4.mul(low, reciprocal));
    v128.store(at, f32x4.mul(high, reciprocal), 16);
  }
}

/** `U · solution = right side`, a tile of columns at a time from the last. */
function substitute(system: usize, size: i32, solution: usize): void {
  const right = tileAt(system, size, size / COLUMNS);
  for (let row = 0; row < size; row++) {
    store<f32>(solution + ((<usize>row) << 2), load<f32>(right + ((<usize>row) << 5)));
  }
  for (let first = size - COLUMNS; first >= 0; first -= COLUMNS) {
    const column = tileAt(system, size, first / COLUMNS);
    for (let i = COLUMNS - 1; i >= 0; i--) {
      const row = column + ((<usize>(first + i)) << 5);
      const at = solution + ((<usize>(first + i)) << 2);
      let value = load<f32>(at);
      for (let j = i + 1; j < COLUMNS; j++) {
        value -= load<f32>(row + ((<usize>j) << 2)) * load<f32>(solution + ((<usize>(first + j)) << 2));
      }
      store<f32>(at, value / load<f32>(row + ((<usize>i) << 2)));
    }
    subtractColumns(column, first, solution);
  }
}

/** Takes what eight unknowns, now known, bring to the rows above them. */
function subtractColumns(column: usize, first: i32, solution: usize): void {
  const known = solution + ((<usize>first) << 2);
  const low = v128.load(known);
  const high = v128.load(known, 16);
  for (let row = 0; row < first; row++, column += 32, solution += 4) {
    const sums = multiplyAdd(v128.load(column), low, f32x4.mul(v128.load(column, 16), high));
    const pairs = f32x4.add(sums, i8x16.shuffle(sums, sums, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
    store<f32>(solution, load<f32>(solution) - f32x4.extract_lane(pairs, 0) - f32x4.extract_lane(pairs, 1));
  }
}
