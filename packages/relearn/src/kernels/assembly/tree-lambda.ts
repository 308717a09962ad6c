import { exponential, logarithm2 } from './exponential';
import { address, integer } from './round';

/** Lanes beyond a group's last row, for the last step of four; 64 bytes for four arrays. */
const SPARE: i32 = 4;

/**
 * A task: LambdaMART's gradients and hessians of a group: pairs of which one is wanted more than the other and one is among the best `truncation`, weighed by how much
 * NDCG their exchange would change; the group's sum s is brought to log2(1 + s). Round: margins, labels (whole numbers, f32), weights (0: all 1), gradients, hessians,
 * groups (starts i32), truncation, order (i32, room for twice the rows), gains (f32 by label), discounts (f32 by place), best DCG of each group (f32; 0 where
 * nothing can be gained), room (16 bytes a row and 64 a group). Source: Burges 2010, brought to size as LightGBM does.
 */
export function lambdaTask(group: i32): void {
  const at = address(5) + ((<usize>group) << 2);
  const start = load<i32>(at);
  const count = load<i32>(at, 4) - start;
  const first = (<usize>start) << 2, bytes = (<usize>count) << 2;
  memory.fill(address(3) + first, 0, bytes);
  memory.fill(address(4) + first, 0, bytes);
  const best = load<f32>(address(10) + ((<usize>group) << 2));
  if (!(best > 0) || count < 2) return;
  const order = sorted(address(0) + first, count, address(7) + (first << 1));
  const array = bytes + (<usize>SPARE << 2);
  const margins = address(11) + (first << 2) + ((<usize>group) << 6), gains = margins + array;
  gather(first, order, count, margins, gains);
  memory.fill(gains + array, 0, array << 1);
  const isSpread = load<f32>(margins) != load<f32>(margins + bytes - 4);
  let sum: f64 = 0;
  const places = min(integer(6), count - 1);
  for (let above = 0; above < places; above++) sum += <f64>addPairs(margins, array, above, count, isSpread);
  if (sum > 0) scatter(first, order, count, gains + array, array, <f32>(logarithm2(1 + sum / <f64>best) / sum));
}

/** Bytes from the group's first row to the one at a place. */
// @ts-ignore: decorator
@inline
function offset(order: usize, place: i32): usize {
  return (<usize>load<i32>(order + ((<usize>place) << 2))) << 2;
}

/** Margins and gains by place; beyond the last, gains that are neither more nor less than any. */
function gather(first: usize, order: usize, count: i32, margins: usize, gains: usize): void {
  const from = address(0) + first, labels = address(1) + first, gainOf = address(8);
  for (let place = 0; place < count; place++) {
    const row = offset(order, place), to = (<usize>place) << 2;
    store<f32>(margins + to, load<f32>(from + row));
    store<f32>(gains + to, load<f32>(gainOf + ((<usize>(<i32>load<f32>(labels + row))) << 2)));
  }
  v128.store(margins + ((<usize>count) << 2), f32x4.splat(0));
  v128.store(gains + ((<usize>count) << 2), f32x4.splat(f32.NaN));
}

/**
 * Adds what the pairs of a place and those below it pull, best DCG left out; twice how much. Four pairs at once: arrays by place, margins, gains, gradients and
 * hessians, each `array` bytes.
 */
function addPairs(margins: usize, array: usize, above: i32, count: i32, isSpread: bool): f32 {
  const own = (<usize>above) << 2, end = (<usize>count) << 2, discounts = address(9);
  const margin = v128.load32_splat(margins + own), gain = v128.load32_splat(margins + array + own);
  const discount = v128.load32_splat(discounts + own);
  const one = f32x4.splat(1), sign = i32x4.splat(0x80000000);
  let gradient = f32x4.splat(0), hessian = f32x4.splat(0), sum = f32x4.splat(0);
  for (let below = own + 4; below < end; below += 16) {
    const at = margins + below, gradients = at + (array << 1), hessians = gradients + array;
    const gainOther = v128.load(at + array);
    const isLower = f32x4.lt(gain, gainOther);
    const differs = v128.or(isLower, f32x4.gt(gain, gainOther));
    if (!v128.any_true(differs)) continue;
    const turned = v128.and(isLower, sign);
    const apart = v128.xor(f32x4.sub(margin, v128.load(at)), turned);
    let weight = f32x4.mul(f32x4.abs(f32x4.sub(gain, gainOther)), f32x4.sub(discount, v128.load(discounts + below)));
    if (isSpread) weight = f32x4.div(weight, f32x4.add(f32x4.splat(0.01), f32x4.abs(apart)));
    const p = f32x4.div(one, f32x4.add(one, exponential(apart)));
    const pull = v128.and(f32x4.mul(weight, p), differs);
    const bend = f32x4.mul(pull, f32x4.sub(one, p));
    const up = v128.xor(pull, turned);
    gradient = f32x4.sub(gradient, up);
    hessian = f32x4.add(hessian, bend);
    v128.store(gradients, f32x4.add(v128.load(gradients), up));
    v128.store(hessians, f32x4.add(v128.load(hessians), bend));
    sum = f32x4.add(sum, pull);
  }
  const to = margins + (array << 1) + own;
  store<f32>(to, load<f32>(to) + lanesOf(gradient));
  store<f32>(to + array, load<f32>(to + array) + lanesOf(hessian));
  return <f32>2 * lanesOf(sum);
}

// @ts-ignore: decorator
@inline
function lanesOf(sums: v128): f32 {
  return f32x4.extract_lane(sums, 0) + f32x4.extract_lane(sums, 1) + (f32x4.extract_lane(sums, 2) + f32x4.extract_lane(sums, 3));
}

/** Brings gradients and hessians by place to size, and back to their rows. */
function scatter(first: usize, order: usize, count: i32, gradients: usize, array: usize, size: f32): void {
  for (let place = 0; place < count; place++) {
    const row = first + offset(order, place), from = gradients + ((<usize>place) << 2);
    const factor: f32 = address(2) == 0 ? size : size * load<f32>(address(2) + row);
    store<f32>(address(3) + row, load<f32>(from) * factor);
    store<f32>(address(4) + row, load<f32>(from + array) * factor);
  }
}

/** Numbers of a group's rows, highest margin first, of equals in their order: merged bottom up. Takes room for twice the count; where the result lies. */
function sorted(margins: usize, count: i32, room: usize): usize {
  let from = room, to = room + ((<usize>count) << 2);
  for (let row = 0; row < count; row++) store<i32>(from + ((<usize>row) << 2), row);
  for (let width = 1; width < count; width <<= 1) {
    for (let start = 0; start < count; start += width << 1) merge(margins, from, to, start, min(start + width, count), min(start + (width << 1), count));
    const other = from;
    from = to;
    to = other;
  }
  return from;
}

function merge(margins: usize, from: usize, to: usize, start: i32, middle: i32, end: i32): void {
  let left = start, right = middle;
  for (let place = start; place < end; place++) {
    const takesLeft =
      left < middle && (right >= end || load<f32>(margins + offset(from, left)) >= load<f32>(margins + offset(from, right)));
    const taken = takesLeft ? left++ : right++;
    store<i32>(to + ((<usize>place) << 2), load<i32>(from + ((<usize>taken) << 2)));
  }
}
