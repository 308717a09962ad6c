import { exponentialOf, sigmoid } from './exponential';
import { address, integer } from './round';

/** Rows of a task, as in tree-rows.ts. */
const CHUNK: i32 = 16_384;

/**
 * A task: gradients and hessians of a chunk by the logistic loss, `w (p − y)` and `w p (1 − p)`. Round: margins, labels, weights (0: all 1), gradients, hessians, count, a
 * multiple of 4 or with room to the next.
 */
export function logisticTask(task: i32): void {
  const from = <usize>(task * CHUNK) << 2;
  const to = <usize>min((task + 1) * CHUNK, integer(5)) << 2;
  const weights = address(2);
  const one = f32x4.splat(1);
  for (let at = from; at < to; at += 16) {
    const p = sigmoid(v128.load(address(0) + at));
    const weight = weights == 0 ? one : v128.load(weights + at);
    v128.store(address(3) + at, f32x4.mul(weight, f32x4.sub(p, v128.load(address(1) + at))));
    v128.store(address(4) + at, f32x4.mul(weight, f32x4.mul(p, f32x4.sub(one, p))));
  }
}

/** A task: the same by half the squared error, `w (m − y)` and `w`. */
export function squaredTask(task: i32): void {
  const from = <usize>(task * CHUNK) << 2;
  const to = <usize>min((task + 1) * CHUNK, integer(5)) << 2;
  const weights = address(2);
  const one = f32x4.splat(1);
  for (let at = from; at < to; at += 16) {
    const weight = weights == 0 ? one : v128.load(weights + at);
    v128.store(address(3) + at, f32x4.mul(weight, f32x4.sub(v128.load(address(0) + at), v128.load(address(1) + at))));
    v128.store(address(4) + at, weight);
  }
}

/**
 * A task: the same of every row by the softmax of `classCount` margins, for one class: `w (p − [y = class])` and `w p (1 − p) K / (K − 1)`. Round: margins
 * (count, classCount), labels, weights, gradients, hessians, count, classCount, class. Source: Friedman 2001.
 */
export function softmaxTask(task: i32): void {
  const from = task * CHUNK, to = min((task + 1) * CHUNK, integer(5));
  const classCount = integer(6), own = integer(7);
  const scale = <f32>classCount / <f32>(classCount - 1);
  for (let row = from; row < to; row++) {
    const margins = address(0) + (<usize>(row * classCount) << 2);
    let most: f32 = load<f32>(margins);
    for (let other = 1; other < classCount; other++) most = max<f32>(most, load<f32>(margins + ((<usize>other) << 2)));
    let sum: f32 = 0, mine: f32 = 0;
    for (let other = 0; other < classCount; other++) {
      const e: f32 = exponentialOf(load<f32>(margins + ((<usize>other) << 2)) - most);
      sum += e;
      if (other == own) mine = e;
    }
    const p: f32 = mine / sum;
    const place = (<usize>row) << 2;
    const weight: f32 = address(2) == 0 ? <f32>1 : load<f32>(address(2) + place);
    const isOwn: f32 = load<f32>(address(1) + place) == <f32>own ? 1 : 0;
    store<f32>(address(3) + place, weight * (p - isOwn));
    store<f32>(address(4) + place, weight * p * (<f32>1 - p) * scale);
  }
}
