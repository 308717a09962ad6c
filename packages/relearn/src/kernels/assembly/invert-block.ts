/**
 * Inverts a small symmetric positive definite matrix in place, by sweeping each pivot in turn, in f64.
 *
 * @param block f64 row-major, shape (size, size).
 * @returns the first pivot that is not positive, or −1 when all were: then `block` holds the inverse.
 */
export function invertBlock(block: usize, size: i32): i32 {
  for (let pivot = 0; pivot < size; pivot++) {
    const pivotRow = block + ((<usize>(pivot * size)) << 3);
    const value = load<f64>(pivotRow + ((<usize>pivot) << 3));
    if (!(value > 0)) return pivot;
    const inverse = 1.0 / value;
    for (let row = 0; row < size; row++) {
      if (row == pivot) continue;
      const at = block + ((<usize>(row * size)) << 3);
      const factor = load<f64>(at + ((<usize>pivot) << 3)) * inverse;
      for (let column = 0; column < size; column++) {
        if (column == pivot) continue;
        const cell = at + ((<usize>column) << 3);
        store<f64>(cell, load<f64>(cell) - factor * load<f64>(pivotRow + ((<usize>column) << 3)));
      }
      store<f64>(at + ((<usize>pivot) << 3), -factor);
    }
    for (let column = 0; column < size; column++) {
      const cell = pivotRow + ((<usize>column) << 3);
      store<f64>(cell, column == pivot ? inverse : load<f64>(cell) * inverse);
    }
  }
  return -1;
}
