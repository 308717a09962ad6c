import { multiplyAddDouble } from './multiply-add';

/**
 * Inverts a small symmetric positive definite matrix in place, by sweeping each pivot in turn, in f64: the lower triangle alone, two lanes at a time.
 *
 * @param block f64 row-major, shape (size, size), size even; its lower triangle is read and written, the rest overwritten by anything.
 * @param pivots f64, shape (size): work space.
 * @returns the first pivot that is not positive, or −1 when all were: then `block` holds the inverse.
 */
export function invertBlock(block: usize, size: i32, pivots: usize): i32 {
  for (let pivot = 0; pivot < size; pivot++) {
    const value = load<f64>(cellAt(block, size, pivot, pivot));
    if (!(value > 0)) return pivot;
    const inverse = 1.0 / value;
    for (let column = 0; column < pivot; column++) moveOut(cellAt(block, size, pivot, column), column, pivots);
    store<f64>(pivots + ((<usize>pivot) << 3), 0);
    for (let row = pivot + 1; row < size; row++) moveOut(cellAt(block, size, row, pivot), row, pivots);
    for (let row = 0; row < size; row++) subtractMultiple(block, size, row, inverse, pivots);
    for (let column = 0; column < pivot; column++) {
      store<f64>(cellAt(block, size, pivot, column), load<f64>(pivots + ((<usize>column) << 3)) * inverse);
    }
    store<f64>(cellAt(block, size, pivot, pivot), -inverse);
    for (let row = pivot + 1; row < size; row++) {
      store<f64>(cellAt(block, size, row, pivot), load<f64>(pivots + ((<usize>row) << 3)) * inverse);
    }
  }
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      const cell = cellAt(block, size, row, column);
      store<f64>(cell, -load<f64>(cell));
    }
  }
  return -1;
}

// @ts-ignore: decorator
@inline
function cellAt(block: usize, size: i32, row: i32, column: i32): usize {
  return block + ((<usize>(row * size + column)) << 3);
}

/** The pivot's row as a list. */
// @ts-ignore: decorator
@inline
function moveOut(cell: usize, place: i32, pivots: usize): void {
  store<f64>(pivots + ((<usize>place) << 3), load<f64>(cell));
}

/** Takes the pivot's row, times what stands in it at `row`, from that row's part left of the diagonal; the lane beyond it may fall to anything. */
function subtractMultiple(block: usize, size: i32, row: i32, inverse: f64, pivots: usize): void {
  const weight = f64x2.splat(-load<f64>(pivots + ((<usize>row) << 3)) * inverse);
  let cell = cellAt(block, size, row, 0);
  const end = pivots + ((<usize>(row + 1)) << 3);
  for (let from = pivots; from < end; from += 16, cell += 16) {
    v128.store(cell, multiplyAddDouble(weight, v128.load(from), v128.load(cell)));
  }
}
