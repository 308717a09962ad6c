import { multiplyAdd } from './multiply-add';
import { address, integer } from './round';

/** Sparse rows of a task. */
const TASK_ROWS: i32 = 64;

/**
 * A task of `target = sparse · dense`: 64 rows. Four rows of the dense side are read at a time, while the target's stays in the nearest cache. Round: starts
 * i32 (rowCount + 1), columns i32, weights f32, row count, dense f32 (columnCount, width), target f32 (rowCount, width), width, a multiple of 4.
 */
export function sparseProductTask(task: i32): void {
  const starts = address(0);
  const width = (<usize>integer(6)) << 2;
  const end = min((task + 1) * TASK_ROWS, integer(3));
  for (let row = task * TASK_ROWS; row < end; row++) {
    const target = address(5) + <usize>row * width;
    memory.fill(target, 0, width);
    const place = starts + ((<usize>row) << 2);
    addWeighted(load<i32>(place), load<i32>(place, 4), target, width);
  }
}

// @ts-ignore: decorator
@inline
function addWeighted(at: i32, end: i32, target: usize, width: usize): void {
  const columns = address(1), weights = address(2), dense = address(4);
  for (; at + 4 <= end; at += 4) {
    const column = columns + ((<usize>at) << 2);
    const weight = weights + ((<usize>at) << 2);
    const w0 = v128.load32_splat(weight), w1 = v128.load32_splat(weight, 4);
    const w2 = v128.load32_splat(weight, 8), w3 = v128.load32_splat(weight, 12);
    const r0 = dense + <usize>load<i32>(column) * width, r1 = dense + <usize>load<i32>(column, 4) * width;
    const r2 = dense + <usize>load<i32>(column, 8) * width, r3 = dense + <usize>load<i32>(column, 12) * width;
    for (let k: usize = 0; k < width; k += 16) {
      let sum = multiplyAdd(w0, v128.load(r0 + k), v128.load(target + k));
      sum = multiplyAdd(w1, v128.load(r1 + k), sum);
      sum = multiplyAdd(w2, v128.load(r2 + k), sum);
      v128.store(target + k, multiplyAdd(w3, v128.load(r3 + k), sum));
    }
  }
  for (; at < end; at++) {
    const w = v128.load32_splat(weights + ((<usize>at) << 2));
    const r = dense + <usize>load<i32>(columns + ((<usize>at) << 2)) * width;
    for (let k: usize = 0; k < width; k += 16)
      v128.store(target + k, multiplyAdd(w, v128.load(r + k), v128.load(target + k)));
  }
}
