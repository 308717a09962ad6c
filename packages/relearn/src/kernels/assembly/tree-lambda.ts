import { exponentialOf, logarithm2 } from './exponential';
import { address, integer } from './round';

/**
 * A task: LambdaMART's gradients and hessians of a group: pairs of which one is wanted more than the other and one is among the best `truncation`, weighed by how much
 * NDCG their exchange would change; the group's sum s is brought to log2(1 + s). Round: margins, labels (whole numbers, f32), weights (0: all 1), gradients, hessians,
 * groups (starts i32), truncation, order (i32, room for twice the rows), gains (f32 by label), discounts (f32 by place), best DCG of each group (f32; 0 where
 * nothing can be gained). Source: Burges 2010, brought to size as LightGBM does.
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
  const margins = address(0) + first;
  const order = sorted(margins, count, address(7) + (first << 1));
  const isSpread = load<f32>(margins + offset(order, 0)) != load<f32>(margins + offset(order, count - 1));
  let sum: f64 = 0;
  const places = min(integer(6), count - 1);
  for (let above = 0; above < places; above++) sum += addPairs(first, order, above, count, isSpread, best);
  if (sum > 0) bring(first, count, <f32>(logarithm2(1 + sum) / sum / <f64>best));
}

/**
 * Adds what the pairs of a place and those below it pull, best DCG left out; twice how much of the best. What all pairs share is read once: a store to the
 * gradients might change it, for all that the processor knows.
 */
function addPairs(first: usize, order: usize, above: i32, count: i32, isSpread: bool, best: f32): f64 {
  const margins = address(0) + first, labels = address(1) + first;
  const gradients = address(3) + first, hessians = address(4) + first;
  const gains = address(8), discounts = address(9);
  const one = offset(order, above);
  const margin = load<f32>(margins + one), label = load<f32>(labels + one), gain = at(gains, <i32>label), discount = at(discounts, above);
  let gradient = load<f32>(gradients + one), hessian = load<f32>(hessians + one);
  let sum: f64 = 0;
  for (let below = above + 1; below < count; below++) {
    const other = offset(order, below);
    const labelOther = load<f32>(labels + other);
    if (label == labelOther) continue;
    const isHigher = label > labelOther;
    let weight: f32 = abs<f32>(gain - at(gains, <i32>labelOther)) * (discount - at(discounts, below));
    const marginOther = load<f32>(margins + other);
    const apart: f32 = isHigher ? margin - marginOther : marginOther - margin;
    if (isSpread) weight /= <f32>0.01 + abs<f32>(apart);
    const p: f32 = <f32>1 / (<f32>1 + exponentialOf(apart));
    const pull: f32 = weight * p, bend: f32 = weight * p * (<f32>1 - p);
    const up: f32 = isHigher ? -pull : pull;
    gradient += up;
    hessian += bend;
    store<f32>(gradients + other, load<f32>(gradients + other) - up);
    store<f32>(hessians + other, load<f32>(hessians + other) + bend);
    sum += <f64>(<f32>2 * pull) / <f64>best;
  }
  store<f32>(gradients + one, gradient);
  store<f32>(hessians + one, hessian);
  return sum;
}

/** Bytes from the group's first row to the one at a place. */
// @ts-ignore: decorator
@inline
function offset(order: usize, place: i32): usize {
  return (<usize>load<i32>(order + ((<usize>place) << 2))) << 2;
}

/** A number of an f32 array. */
// @ts-ignore: decorator
@inline
function at(numbers: usize, place: i32): f32 {
  return load<f32>(numbers + ((<usize>place) << 2));
}

function bring(first: usize, count: i32, size: f32): void {
  for (let at = first, end = first + ((<usize>count) << 2); at < end; at += 4) {
    const factor: f32 = address(2) == 0 ? size : size * load<f32>(address(2) + at);
    store<f32>(address(3) + at, load<f32>(address(3) + at) * factor);
    store<f32>(address(4) + at, load<f32>(address(4) + at) * factor);
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
