import { multiplyAddDouble } from './multiply-add';
import { address, integer } from './round';

/** Rows of a task of `reflectTask`, and of `accumulateTask`. */
const REFLECTED_ROWS: i32 = 32;
const ACCUMULATED_ROWS: i32 = 4;

/** Columns of a task of `rotateTask`: a cache line. */
const ROTATED_COLUMNS: i32 = 8;

// @ts-ignore: decorator
@inline
function sumOfLanes(pair: v128): f64 {
  return f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1);
}

/**
 * One step of Householder's reduction for 32 rows from `from + 32 · task` on: `A[i, :] −= v[i] · w + w[i] · v`, then `y[i] = A[i, :] · u`, in one pass. Columns
 * before `from` say nothing: v, w and u are 0 there, but for one that lies in the pair of `from`.
 *
 * Round: matrix f64 (n, stride), stride (even), from, n, v, w, u, y: f64, shape (stride), zeros from n on.
 */
export function reflectTask(task: i32): void {
  const matrix = address(0), stride = integer(1), n = integer(3);
  const v = address(4), w = address(5), u = address(6), y = address(7);
  const first = integer(2) + task * REFLECTED_ROWS;
  const start = (<usize>(integer(2) & ~1)) << 3;
  const end = (<usize>stride) << 3;
  const last = min(first + REFLECTED_ROWS, n);
  for (let row = first; row < last; row++) {
    const a = matrix + ((<usize>row * <usize>stride) << 3);
    const cell = (<usize>row) << 3;
    const vRow = f64x2.splat(-load<f64>(v + cell));
    const wRow = f64x2.splat(-load<f64>(w + cell));
    let sum = f64x2.splat(0);
    for (let at = start; at < end; at += 16) {
      let value = multiplyAddDouble(vRow, v128.load(w + at), v128.load(a + at));
      value = multiplyAddDouble(wRow, v128.load(v + at), value);
      v128.store(a + at, value);
      sum = multiplyAddDouble(value, v128.load(u + at), sum);
    }
    store<f64>(y + cell, sumOfLanes(sum));
  }
}

/**
 * Four rows of `Qᵀ = H(n−2) ⋯ H(0)`, `H(k) = I − β[k] · u uᵀ`, where u is row k of the matrix. Each row is begun as the unit matrix's.
 *
 * Round: matrix f64 (n, stride), stride, n, betas f64 (n), vectors f64 (rows filled up to a multiple of 4, stride), zeros.
 */
export function accumulateTask(task: i32): void {
  const matrix = address(0), stride = <usize>integer(1), betas = address(3);
  const first = task * ACCUMULATED_ROWS;
  const r0 = address(4) + ((<usize>first * stride) << 3);
  const r1 = r0 + (stride << 3), r2 = r1 + (stride << 3), r3 = r2 + (stride << 3);
  const end = stride << 3;
  const own = r0 + ((<usize>first) << 3);
  for (let row: usize = 0; row < 4; row++) store<f64>(own + ((row * stride + row) << 3), 1);
  for (let k = min(first + ACCUMULATED_ROWS - 2, integer(2) - 1); k >= 0; k--) {
    const u = matrix + ((<usize>k * stride) << 3);
    const beta = -load<f64>(betas + ((<usize>k) << 3));
    const start = (<usize>((k + 1) & ~1)) << 3;
    let s0 = f64x2.splat(0), s1 = f64x2.splat(0), s2 = f64x2.splat(0), s3 = f64x2.splat(0);
    for (let at = start; at < end; at += 16) {
      const value = v128.load(u + at);
      s0 = multiplyAddDouble(value, v128.load(r0 + at), s0);
      s1 = multiplyAddDouble(value, v128.load(r1 + at), s1);
      s2 = multiplyAddDouble(value, v128.load(r2 + at), s2);
      s3 = multiplyAddDouble(value, v128.load(r3 + at), s3);
    }
    s0 = f64x2.splat(beta * sumOfLanes(s0));
    s1 = f64x2.splat(beta * sumOfLanes(s1));
    s2 = f64x2.splat(beta * sumOfLanes(s2));
    s3 = f64x2.splat(beta * sumOfLanes(s3));
    for (let at = start; at < end; at += 16) {
      const value = v128.load(u + at);
      v128.store(r0 + at, multiplyAddDouble(value, s0, v128.load(r0 + at)));
      v128.store(r1 + at, multiplyAddDouble(value, s1, v128.load(r1 + at)));
      v128.store(r2 + at, multiplyAddDouble(value, s2, v128.load(r2 + at)));
      v128.store(r3 + at, multiplyAddDouble(value, s3, v128.load(r3 + at)));
    }
  }
}

/**
 * Applies sweeps of plane rotations to eight columns: a sweep turns rows (i, i + 1) for i = top − 1 downwards, and hands row i on in registers.
 *
 * Round: vectors f64 (n, stride), stride, sweeps i32 pairs (top, count), how many, rotations f64 pairs (cosine, sine), one after the other.
 */
export function rotateTask(task: i32): void {
  const rowBytes = (<usize>integer(1)) << 3;
  const panel = address(0) + ((<usize>(task * ROTATED_COLUMNS)) << 3);
  let sweep = address(2);
  let rotation = address(4);
  const end = sweep + ((<usize>integer(3)) << 3);
  for (; sweep < end; sweep += 8) {
    let row = panel + (<usize>load<i32>(sweep)) * rowBytes;
    let h0 = v128.load(row), h1 = v128.load(row, 16), h2 = v128.load(row, 32), h3 = v128.load(row, 48);
    const sweepEnd = rotation + ((<usize>load<i32>(sweep, 4)) << 4);
    for (; rotation < sweepEnd; rotation += 16) {
      const above = row - rowBytes;
      const c = v128.load64_splat(rotation), s = v128.load64_splat(rotation, 8);
      const minus = f64x2.neg(s);
      const z0 = v128.load(above), z1 = v128.load(above, 16), z2 = v128.load(above, 32), z3 = v128.load(above, 48);
      v128.store(row, multiplyAddDouble(s, z0, f64x2.mul(c, h0)));
      v128.store(row, multiplyAddDouble(s, z1, f64x2.mul(c, h1)), 16);
      v128.store(row, multiplyAddDouble(s, z2, f64x2.mul(c, h2)), 32);
      v128.store(row, multiplyAddDouble(s, z3, f64x2.mul(c, h3)), 48);
      h0 = multiplyAddDouble(minus, h0, f64x2.mul(c, z0));
      h1 = multiplyAddDouble(minus, h1, f64x2.mul(c, z1));
      h2 = multiplyAddDouble(minus, h2, f64x2.mul(c, z2));
      h3 = multiplyAddDouble(minus, h3, f64x2.mul(c, z3));
      row = above;
    }
    v128.store(row, h0);
    v128.store(row, h1, 16);
    v128.store(row, h2, 32);
    v128.store(row, h3, 48);
  }
}
