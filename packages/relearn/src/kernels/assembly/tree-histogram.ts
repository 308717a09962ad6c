import { address, integer, real } from './round';

/*
 * Rows are kept as bins, one byte a feature, eight features a block: bins u8, shape (blocks, rowCount, 8). Bin 0 is for what is missing. The gradient of a row and
 * its hessian are whole numbers in one i64, gradient above, hessian (never below 0) underneath: one addition sums both, and sums are the same in any order.
 */

const BLOCK_FEATURES: i32 = 8;
const BINS: i32 = 256;
/** Bytes of one feature's histogram, 256 bins of 8, and of a block's. */
const FEATURE_BYTES: usize = 2_048;
const BLOCK_BYTES: usize = 16_384;
/** Bytes of what is found for one feature: gain f64, sums left of the cut i64, sums of all i64, bin i32, whether missing ones go left i32. */
const CUT_BYTES: usize = 32;

/**
 * A task: the block's histograms of the smaller child from its rows, those of the larger by taking them from their parent's, and the best cut of each
 * feature in both. Round: bins, rowCount, rows and sums of the smaller child, how many, its histograms, the parent's (which become the larger's; 0 at
 * the root), cuts of the smaller and of the larger, featureCount, counts of the smaller and of the larger with rows that weigh nothing; reals as {@link findCut} takes them.
 */
export function histogramTask(block: i32): void {
  const rowCount = <usize>integer(1);
  const bins = address(0) + (((<usize>block) * rowCount) << 3);
  const smaller = address(5) + (<usize>block) * BLOCK_BYTES;
  memory.fill(smaller, 0, BLOCK_BYTES);
  addRowsOf(bins, address(2), address(3), integer(4), smaller);
  findCuts(block, smaller, address(7), integer(10));
  if (address(6) == 0) return;
  const larger = address(6) + (<usize>block) * BLOCK_BYTES;
  for (let at: usize = 0; at < BLOCK_BYTES; at += 16) {
    v128.store(larger + at, i64x2.sub(v128.load(larger + at), v128.load(smaller + at)));
  }
  findCuts(block, larger, address(8), integer(11));
}

/** Offsets are part of the instructions: eight addresses would not find room in registers. */
function addRowsOf(bins: usize, rows: usize, sums: usize, count: i32, histogram: usize): void {
  const end = rows + ((<usize>count) << 2);
  for (; rows < end; rows += 4, sums += 8) {
    const eight = bins + ((<usize>load<u32>(rows)) << 3);
    const sum = load<i64>(sums);
    const four = load<u32>(eight), others = load<u32>(eight, 4);
    const a = histogram + <usize>((four & 0xff) << 3);
    store<i64>(a, load<i64>(a) + sum);
    const b = histogram + <usize>((four >> 5) & 0x7f8);
    store<i64>(b, load<i64>(b, 2_048) + sum, 2_048);
    const c = histogram + <usize>((four >> 13) & 0x7f8);
    store<i64>(c, load<i64>(c, 4_096) + sum, 4_096);
    const d = histogram + <usize>((four >> 21) & 0x7f8);
    store<i64>(d, load<i64>(d, 6_144) + sum, 6_144);
    const e = histogram + <usize>((others & 0xff) << 3);
    store<i64>(e, load<i64>(e, 8_192) + sum, 8_192);
    const f = histogram + <usize>((others >> 5) & 0x7f8);
    store<i64>(f, load<i64>(f, 10_240) + sum, 10_240);
    const g = histogram + <usize>((others >> 13) & 0x7f8);
    store<i64>(g, load<i64>(g, 12_288) + sum, 12_288);
    const h = histogram + <usize>((others >> 21) & 0x7f8);
    store<i64>(h, load<i64>(h, 14_336) + sum, 14_336);
  }
}

function findCuts(block: i32, histogram: usize, cuts: usize, count: i32): void {
  for (let lane = 0; lane < BLOCK_FEATURES; lane++) {
    const feature = block * BLOCK_FEATURES + lane;
    if (feature >= integer(9)) return;
    findCut(histogram + (<usize>lane) * FEATURE_BYTES, cuts + (<usize>feature) * CUT_BYTES, count);
  }
}

// @ts-ignore: decorator
@inline
function gradientOf(sums: i64): f64 {
  return <f64>(sums >> 32) * <f64>real(0);
}

// @ts-ignore: decorator
@inline
function hessianOf(sums: i64): f64 {
  return <f64>(sums & 0xffffffff) * <f64>real(1);
}

// @ts-ignore: decorator
@inline
function leafScore(sums: i64): f64 {
  const gradient = gradientOf(sums);
  return (gradient * gradient) / (hessianOf(sums) + <f64>real(2));
}

/**
 * The cut of one feature that lowers the loss most: `G_L² / (H_L + λ) + G_R² / (H_R + λ) − G² / (H + λ)`; of equals the first. Rows up to its bin go left, missing ones
 * where that is better. Reals: what one step of gradient and of hessian is worth, λ, the least hessian and the fewest rows of a side (rows by their share of hessian).
 */
function findCut(histogram: usize, cut: usize, count: i32): void {
  let all: i64 = 0;
  for (let bin = 0; bin < BINS; bin++) all += load<i64>(histogram + ((<usize>bin) << 3));
  const missing = load<i64>(histogram);
  store<f64>(cut, 0);
  store<i64>(cut, all, 16);
  const whole = leafScore(all);
  const perRow = <f64>(all & 0xffffffff) / <f64>count;
  const least = Math.max(1, Math.max(<f64>real(3) / <f64>real(1), <f64>real(4) * perRow));
  tryCuts(histogram, cut, all, 0, whole, least);
  if (missing != 0) tryCuts(histogram, cut, all, missing, whole, least);
}

function tryCuts(histogram: usize, cut: usize, all: i64, missing: i64, whole: f64, least: f64): void {
  let left = missing;
  let best = load<f64>(cut);
  const most = <f64>(all & 0xffffffff) - least;
  for (let bin = 1; bin < BINS; bin++) {
    const sums = load<i64>(histogram + ((<usize>bin) << 3));
    if (sums == 0) continue;
    left += sums;
    const hessian = <f64>(left & 0xffffffff);
    if (hessian < least) continue;
    if (hessian > most) break;
    const gain = leafScore(left) + leafScore(all - left) - whole;
    if (gain <= best) continue;
    best = gain;
    store<f64>(cut, gain);
    store<i64>(cut, left, 8);
    store<i32>(cut, bin, 24);
    store<i32>(cut, missing != 0 ? 1 : 0, 28);
  }
}
