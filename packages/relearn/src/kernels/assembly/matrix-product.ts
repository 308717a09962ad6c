import { address, integer } from './round';
import { COLUMNS, ROWS } from './register-tile';
import { addProduct, packColumns, packPart, packRows, packTransposed, setProduct } from './tile-product';

/*
 * A product of two matrices of any shape, a block of its depth at a time: one round packs the block of both into tiles, the next multiplies them. Tiles at
 * the edges are filled up with zeros.
 */

/** Rows and columns that one task multiplies: multiples of a tile's. */
const TASK_ROWS: i32 = 96;
const TASK_COLUMNS: i32 = 256;

/**
 * Packs 96 rows of the left side, or 96 columns of the right. Round: the left side's address, stride, whether its depth runs along its rows, row count and
 * packed address; the same of the right; depth; tasks of the left.
 */
export function packPanelTask(task: i32): void {
  const leftTasks = integer(11);
  if (task < leftTasks) packPanel(0, task, ROWS);
  else packPanel(5, task - leftTasks, COLUMNS);
}

// @ts-ignore: decorator
@inline
function packPanel(place: i32, task: i32, width: i32): void {
  const stride = integer(place + 1), depth = integer(10);
  const first = task * TASK_ROWS;
  const count = min(TASK_ROWS, integer(place + 3) - first);
  const packed = address(place + 4) + ((<usize>first * <usize>depth) << 2);
  const alongRows = integer(place + 2) != 0;
  const source = address(place) + ((alongRows ? <usize>first * <usize>stride : <usize>first) << 2);
  const whole = count - (count % width);
  const rest = packed + ((<usize>whole * <usize>depth) << 2);
  if (alongRows) {
    packTransposed(source, stride, depth, whole, packed, width, width);
    const from = source + ((<usize>whole * <usize>stride) << 2);
    if (whole < count) packTransposed(from, stride, depth, count - whole, rest, width, count - whole);
  } else {
    if (width == ROWS) packRows(source, stride, depth, whole, packed);
    else packColumns(source, stride, depth, whole, packed);
    if (whole < count) packPart(source + ((<usize>whole) << 2), stride, depth, count - whole, rest, width);
  }
}

/**
 * Multiplies 96 packed rows by 256 packed columns. Round: target, stride, packed rows, packed columns, depth, row count, column count, whether to add,
 * column minus row of the target's corner where only the lower triangle is wanted, else a large negative number.
 */
export function productTask(task: i32): void {
  const rowCount = integer(5), columnCount = integer(6);
  const rowTasks = (rowCount + TASK_ROWS - 1) / TASK_ROWS;
  const row = (task % rowTasks) * TASK_ROWS;
  const column = (task / rowTasks) * TASK_COLUMNS;
  const rows = min(TASK_ROWS, rowCount - row);
  if (column + integer(8) >= row + rows) return;
  const depth = integer(4), stride = integer(1);
  const target = address(0) + ((<usize>row * <usize>stride + <usize>column) << 2);
  const left = address(2) + ((<usize>row * <usize>depth) << 2);
  const right = address(3) + ((<usize>column * <usize>depth) << 2);
  const columns = min(TASK_COLUMNS, columnCount - column);
  const below = column + integer(8) - row;
  if (integer(7)) addProduct(target, stride, left, right, depth, rows, columns, below);
  else setProduct(target, stride, left, right, depth, rows, columns, below);
}
