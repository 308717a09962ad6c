/** Transposes f32 values, four by four at a time. @param rows of what is transposed, as `columns`: multiples of 4. */
export function transposeBlock(from: usize, fromStride: i32, to: usize, toStride: i32, rows: i32, columns: i32): void {
  for (let row = 0; row < rows; row += 4) {
    for (let column = 0; column < columns; column += 4) {
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
